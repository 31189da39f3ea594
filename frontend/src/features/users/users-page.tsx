"use client";

import { KeyRound, Plus, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { Moment } from "@/components/ui/moment";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay, useMe } from "@/features/auth/queries";
import { say, type Role, type User } from "@/lib/api";
import { note } from "@/lib/note";
import { ROLES } from "./roles";
import { useChangeRole, useUsers } from "./queries";

const UserDialog = dynamic(() => import("./user-dialogs").then((module) => module.UserDialog));
const PasswordOfDialog = dynamic(() => import("./user-dialogs").then((module) => module.PasswordOfDialog));
const DeleteDialog = dynamic(() => import("./user-dialogs").then((module) => module.DeleteDialog));

type Asked = { what: "new" } | { what: "password" | "delete"; user: User };

export function UsersPage() {
  const forbidden = useMay()("admin");
  const users = useUsers(forbidden === null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">Users</h1>
          <p className="text-muted-foreground">Who may sign in here, and what they may do.</p>
        </div>
        <Button variant="primary" reason={forbidden} onClick={() => setAsked({ what: "new" })}>
          <Plus aria-hidden /> New user
        </Button>
      </div>
      {forbidden !== null ? <Notice kind="plain" className="mt-5" title={forbidden} /> : null}
      {users.isLoading ? <Loading what="users" /> : null}
      {users.isError ? <ErrorNotice className="mt-5" error={users.error} /> : null}
      {users.data ? (
        <div
          className="mt-5 overflow-x-auto rounded-md border bg-card"
          tabIndex={0}
          role="region"
          aria-label="Users"
        >
          <table className="w-full text-left">
            <thead className="label-caps text-muted-foreground">
              <tr className="border-b">
                <th className="px-2.5 py-2.5 font-medium sm:px-4">Name</th>
                <th className="px-2.5 py-2.5 font-medium sm:px-4">Role</th>
                <th className="px-2.5 py-2.5 font-medium max-sm:hidden sm:px-4">Last seen</th>
                <th className="px-2.5 py-2.5 sm:px-4">
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody className="divide-y">
              {users.data.map((user) => (
                <UserRow key={user.id} user={user} onAsk={(what) => setAsked({ what, user })} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {asked?.what === "new" ? <UserDialog onClose={close} /> : null}
      {asked?.what === "password" ? <PasswordOfDialog user={asked.user} onClose={close} /> : null}
      {asked?.what === "delete" ? <DeleteDialog user={asked.user} onClose={close} /> : null}
    </>
  );
}

function UserRow({ user, onAsk }: { user: User; onAsk: (what: "password" | "delete") => void }) {
  const { data: me } = useMe();
  const change = useChangeRole();
  const isMe = me?.id === user.id;
  const setRole = (role: Role) =>
    change.mutate(
      { id: user.id, role },
      {
        onError: (error) => {
          const { title, detail } = say(error);
          note("error", title, { description: detail });
        },
      },
    );
  return (
    <tr>
      <td className="px-2.5 py-2 font-mono wrap-anywhere sm:px-4">
        {user.username}
        {isMe ? <span className="ml-2 font-sans text-xs text-muted-foreground">you</span> : null}
      </td>
      <td className="px-2.5 py-2 sm:px-4">
        <Select
          aria-label={`Role of ${user.username}`}
          className="h-8 w-28 sm:w-32"
          value={user.role}
          disabled={change.isPending}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {ROLES.map(({ role }) => (
            <option key={role} value={role}>
              {role}
            </option>
          ))}
        </Select>
      </td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">
        {user.last_login_at ? <Moment at={user.last_login_at} /> : "never"}
      </td>
      <td className="px-2.5 py-2 sm:px-4">
        <div className="flex justify-end gap-1">
          <Button
            variant="ghost"
            size="icon"
            aria-label={`New password for ${user.username}`}
            reason={isMe ? "Change your own in the menu of your account." : null}
            onClick={() => onAsk("password")}
          >
            <KeyRound aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Delete ${user.username}`}
            reason={isMe ? "You can not delete yourself." : null}
            onClick={() => onAsk("delete")}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      </td>
    </tr>
  );
}
