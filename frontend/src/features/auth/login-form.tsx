"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice } from "@/components/ui/notice";
import { useLogin } from "./queries";

interface LoginFormProps {
  /** Whose session is taken up again; left out where anybody may sign in. */
  username?: string;
  onDone: () => void;
}

export function LoginForm({ username: fixed, onDone }: LoginFormProps) {
  const [username, setUsername] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const login = useLogin();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate({ username, password }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {login.isError ? <ErrorNotice error={login.error} /> : null}
      <Field label="User name">
        {(tie) => (
          <Input
            {...tie}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus={fixed === undefined}
            readOnly={fixed !== undefined}
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(tie) => (
          <PasswordInput
            {...tie}
            name="password"
            autoComplete="current-password"
            autoFocus={fixed !== undefined}
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={login.isPending}>
        {login.isPending ? "Signing in" : "Sign in"}
      </Button>
    </form>
  );
}
