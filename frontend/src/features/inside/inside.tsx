"use client";

import { Database as Mark, KeyRound, Plus, Trash2, User } from "lucide-react";
import dynamic from "next/dynamic";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { useEngine } from "@/features/engines/queries";
import type { Database, LogicalDatabase, LogicalUser } from "@/lib/api";
import { bytes, count } from "@/lib/format";
import { useLogicalDatabases, useLogicalUsers } from "./queries";
import { presetInWords } from "./words";

const NewDatabase = dynamic(() => import("./dialogs").then((module) => module.NewDatabase));
const NewUser = dynamic(() => import("./dialogs").then((module) => module.NewUser));
const DropDialog = dynamic(() => import("./drop-dialog").then((module) => module.DropDialog));
const UserCredentials = dynamic(() => import("./user-credentials").then((module) => module.UserCredentials));

type Asked =
  | { what: "database" }
  | { what: "user" }
  | { what: "drop-database" | "drop-user" | "credentials"; name: string };

/** The databases and users inside a database server. */
export function Inside({ database }: { database: Database }) {
  const isOn = database.status === "running";
  const databases = useLogicalDatabases(database.id, isOn);
  const users = useLogicalUsers(database.id, isOn);
  const engine = useEngine(database.type);
  const forbidden = useMay()("admin");
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  if (!isOn)
    return (
      <Notice kind="plain" title={`It is ${database.status}`}>
        What is inside is asked of the server itself, which answers while it runs.
      </Notice>
    );
  const made = databases.data?.filter(({ state }) => state !== null) ?? [];
  const noDatabase = made.length === 0 ? "Make a database first; a user belongs to one." : null;
  const hasPrefixes = engine?.capabilities.includes("key_prefixes") ?? false;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-7">
      <Part
        id="logical-databases"
        title={hasPrefixes ? "Prefixes of keys" : "Databases inside"}
        button={
          <Button size="sm" reason={forbidden} onClick={() => setAsked({ what: "database" })}>
            <Plus aria-hidden /> Create {hasPrefixes ? "prefix" : "database"}
          </Button>
        }
        query={databases}
        absent="None yet. Each app gets one of its own."
      >
        {databases.data?.map((one) => (
          <DatabaseRow
            key={one.name}
            logical={one}
            forbidden={forbidden}
            onDrop={() => setAsked({ what: "drop-database", name: one.name })}
          />
        ))}
      </Part>
      <Part
        id="logical-users"
        title="Users"
        button={
          <Button size="sm" reason={forbidden ?? noDatabase} onClick={() => setAsked({ what: "user" })}>
            <Plus aria-hidden /> Create user
          </Button>
        }
        query={users}
        absent="None yet."
      >
        {users.data?.map((one) => (
          <UserRow
            key={one.username}
            user={one}
            forbidden={forbidden}
            onAsk={(what) => setAsked({ what, name: one.username })}
          />
        ))}
      </Part>
      {asked?.what === "database" ? <NewDatabase database={database} onClose={close} /> : null}
      {asked?.what === "user" ? <NewUser database={database} inside={made} onClose={close} /> : null}
      {asked?.what === "drop-database" || asked?.what === "drop-user" ? (
        <DropDialog database={database} what={asked.what} name={asked.name} onClose={close} />
      ) : null}
      {asked?.what === "credentials" ? (
        <UserCredentials database={database} name={asked.name} onClose={close} />
      ) : null}
    </div>
  );
}

interface PartProps {
  id: string;
  title: string;
  button: ReactNode;
  query: { isPending: boolean; isError: boolean; error: unknown; data?: unknown[] };
  absent: string;
  children: ReactNode;
}

function Part({ id, title, button, query, absent, children }: PartProps) {
  return (
    <section aria-labelledby={id}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id={id} className="label-caps text-muted-foreground">
          {title}
        </h3>
        {button}
      </div>
      {query.isPending ? <Loading what={title.toLowerCase()} className="py-6 text-muted-foreground" /> : null}
      {query.isError ? <ErrorNotice className="mt-3" error={query.error} /> : null}
      {query.data?.length === 0 ? (
        <p className="mt-3 rounded-md border border-dashed p-4 text-muted-foreground">{absent}</p>
      ) : null}
      {query.data && query.data.length > 0 ? (
        <ul aria-labelledby={id} className="mt-3 divide-y rounded-md border bg-card">
          {children}
        </ul>
      ) : null}
    </section>
  );
}

const NOT_OURS = "It was not made here, so it is not dropped here.";

interface DatabaseRowProps {
  logical: LogicalDatabase;
  forbidden: string | null;
  onDrop: () => void;
}

function DatabaseRow({ logical, forbidden, onDrop }: DatabaseRowProps) {
  const { name, owner, size_bytes, connections, state } = logical;
  const facts = [
    size_bytes === null ? null : bytes(size_bytes),
    owner === null ? null : `owner ${owner}`,
    connections === null ? null : count(connections, "connection"),
    state === "pending" ? "not finished; create it again or drop it" : null,
    state === null ? "not made here" : null,
  ];
  return (
    <Row icon={Mark} name={name} facts={facts}>
      <Button
        size="sm"
        variant="ghost"
        reason={forbidden ?? (state === null ? NOT_OURS : null)}
        aria-label={`Drop the database ${name}`}
        onClick={onDrop}
      >
        <Trash2 aria-hidden /> Drop
      </Button>
    </Row>
  );
}

interface UserRowProps {
  user: LogicalUser;
  forbidden: string | null;
  onAsk: (what: "drop-user" | "credentials") => void;
}

function UserRow({ user, forbidden, onAsk }: UserRowProps) {
  const { username, is_admin, database_name, preset, connections, state } = user;
  const facts = [
    is_admin ? "administrator of the whole server" : null,
    database_name !== null && preset !== null ? `${presetInWords(preset)} ${database_name}` : null,
    connections === null ? null : count(connections, "connection"),
    state === "pending" ? "not finished; create it again or drop it" : null,
    state === null && !is_admin ? "not made here" : null,
  ];
  const notOurs = state === null ? NOT_OURS : null;
  return (
    <Row icon={User} name={username} facts={facts}>
      <Button
        size="sm"
        variant="ghost"
        reason={forbidden ?? (state === null ? "It was not made here, so its password is not known." : null)}
        aria-label={`Show how ${username} signs in`}
        onClick={() => onAsk("credentials")}
      >
        <KeyRound aria-hidden /> Login
      </Button>
      <Button
        size="sm"
        variant="ghost"
        reason={forbidden ?? notOurs}
        aria-label={`Drop the user ${username}`}
        onClick={() => onAsk("drop-user")}
      >
        <Trash2 aria-hidden /> Drop
      </Button>
    </Row>
  );
}

interface RowProps {
  icon: typeof Mark;
  name: string;
  facts: (string | null)[];
  children: ReactNode;
}

function Row({ icon: Icon, name, facts, children }: RowProps) {
  return (
    <li data-inside={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2.5">
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-40 flex-1">
        <p className="truncate font-mono font-medium" title={name}>
          {name}
        </p>
        <p className="text-[0.8125rem] break-words text-muted-foreground">
          {facts.filter((fact) => fact !== null).join(" · ")}
        </p>
      </div>
      <div className="flex flex-wrap gap-1">{children}</div>
    </li>
  );
}
