"use client";

import { useState, useSyncExternalStore, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice } from "@/components/ui/notice";
import { codeOf, fieldErrors } from "@/lib/api";
import { useCompleteSetup } from "./queries";

/** The token in the link's fragment, which no browser sends anywhere. */
export function tokenIn(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token") ?? "";
}

function useFragment(): string {
  const subscribe = (listener: () => void) => {
    window.addEventListener("hashchange", listener);
    return () => window.removeEventListener("hashchange", listener);
  };
  return useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => "",
  );
}

export function SetupForm({ onDone }: { onDone: () => void }) {
  const linked = tokenIn(useFragment());
  const [typed, setTyped] = useState("");
  const [username, setUsername] = useState("admin");
  const [password, setPassword] = useState("");
  const setup = useCompleteSetup();
  const errors = fieldErrors(setup.error);
  const isTokenWrong = codeOf(setup.error) === "setup_token_rejected";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setup.mutate({ token: typed || linked, username, password }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {setup.isError && Object.keys(errors).length === 0 ? <ErrorNotice error={setup.error} /> : null}
      {linked === "" || isTokenWrong ? (
        <Field
          label="One-time token"
          hint="It is in the file setup-token of the server's data directory, readable by its owner only."
          error={errors.token}
        >
          {(tie) => (
            <Input
              {...tie}
              name="token"
              required={linked === ""}
              className="font-mono"
              value={typed}
              onChange={(event) => setTyped(event.target.value.trim())}
            />
          )}
        </Field>
      ) : null}
      <Field label="User name" error={errors.username}>
        {(tie) => (
          <Input
            {...tie}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Password"
        hint="At least 10 characters. It is stored as a hash only."
        error={errors.password}
      >
        {(tie) => (
          <PasswordInput
            {...tie}
            name="password"
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={setup.isPending}>
        {setup.isPending ? "Making your account" : "Create the administrator"}
      </Button>
    </form>
  );
}
