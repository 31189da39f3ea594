"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Choice, Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice } from "@/components/ui/notice";
import { fieldErrors, type Role, type User } from "@/lib/api";
import { note } from "@/lib/note";
import { useCreateUser, useDeleteUser, useSetPassword } from "./queries";
import { ROLES } from "./roles";

const NARROW = "sm:w-[min(94vw,28rem)]";

function FormError({ error }: { error: unknown }) {
  return error && Object.keys(fieldErrors(error)).length === 0 ? <ErrorNotice error={error} /> : null;
}

interface NewPasswordProps {
  value: string;
  error?: string;
  onChange: (value: string) => void;
}

function NewPassword({ value, error, onChange }: NewPasswordProps) {
  return (
    <Field label="Password" hint="At least 10 characters. Hand it over on a safe way." error={error}>
      {(tie) => (
        <PasswordInput
          {...tie}
          autoComplete="new-password"
          required
          minLength={10}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export function UserDialog({ onClose }: { onClose: () => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const create = useCreateUser();
  const errors = fieldErrors(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ username, password, role }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} isSticky title="New user" className={NARROW}>
      <form onSubmit={submit} className="grid gap-4">
        <FormError error={create.error} />
        <Field label="User name" error={errors.username}>
          {(tie) => (
            <Input
              {...tie}
              required
              autoFocus
              autoCapitalize="none"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Field>
        <NewPassword value={password} error={errors.password} onChange={setPassword} />
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">Role</legend>
          {ROLES.map(({ role: one, may }) => (
            <Choice
              key={one}
              type="radio"
              name="role"
              checked={role === one}
              onChange={() => setRole(one)}
              label={one}
              hint={may}
            />
          ))}
        </fieldset>
        <Button type="submit" variant="primary" isBusy={create.isPending}>
          Make the account
        </Button>
      </form>
    </Dialog>
  );
}

export function PasswordOfDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const change = useSetPassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      note("success", `The password of ${user.username} is changed`);
      onClose();
    };
    change.mutate({ id: user.id, password }, { onSuccess });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`New password for ${user.username}`}
      description="Their sessions end with the old one."
      className={NARROW}
    >
      <form onSubmit={submit} className="grid gap-4">
        <FormError error={change.error} />
        <NewPassword value={password} error={fieldErrors(change.error).password} onChange={setPassword} />
        <Button type="submit" variant="primary" isBusy={change.isPending}>
          Set it
        </Button>
      </form>
    </Dialog>
  );
}

export function DeleteDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const remove = useDeleteUser();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${user.username}`}
      className={NARROW}
      footer={
        <>
          <Button onClick={onClose}>Keep the account</Button>
          <Button
            variant="danger"
            isBusy={remove.isPending}
            onClick={() => remove.mutate(user.id, { onSuccess: onClose })}
          >
            Delete it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {remove.isError ? <ErrorNotice error={remove.error} /> : null}
        <p>
          {user.username} can no longer sign in, and is signed out at once. Databases stay; the audit log
          keeps the name.
        </p>
      </div>
    </Dialog>
  );
}
