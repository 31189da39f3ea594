"use client";

import { Choice, Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { useEngine } from "@/features/engines/queries";
import { fieldErrors, type DetectedDatabase } from "@/lib/api";
import { confidenceInWords, whyNotAdopt, type AdoptDraft } from "./adoption";

export const ADOPT_FORM = "adopt-database";

/** The fields of the request that have a place in the form. */
const SHOWN = ["name", "admin_user", "admin_password"];

interface AdoptFormProps {
  found: DetectedDatabase;
  draft: AdoptDraft;
  /** Whether the login could not be read from the container. */
  needsLogin: boolean;
  /** What is wrong with the name. */
  problem: string | null;
  /** Why the server refused it. */
  error: unknown;
  onChange: (change: Partial<AdoptDraft>) => void;
  onSubmit: () => void;
}

/** What has to be known to adopt it. A login is asked for only when the container tells none that works. */
export function AdoptForm({ found, draft, needsLogin, problem, error, onChange, onSubmit }: AdoptFormProps) {
  const engine = useEngine(found.type);
  const told = fieldErrors(error);
  const isTold = SHOWN.some((field) => told[field] !== undefined);
  const atRest = whyNotAdopt(found);
  const host = `${draft.name || "…"}${engine ? `:${engine.internal_port}` : ""}`;
  return (
    <form
      id={ADOPT_FORM}
      className="grid grid-cols-[minmax(0,1fr)] gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (atRest === null) onSubmit();
      }}
    >
      <p className="text-[0.8125rem] break-words text-muted-foreground">
        Taken for {engine?.display_name ?? found.type} ({confidenceInWords(found.confidence)}), because:{" "}
        {found.reasons.join("; ")}.
      </p>
      {atRest ? <Notice kind="warn" title={atRest} /> : null}
      {error && !isTold ? <ErrorNotice error={error} /> : null}
      <Field
        label="Name"
        error={problem ?? told.name}
        hint={
          <>
            Apps will reach it at <code className="font-mono break-all text-foreground">{host}</code>
          </>
        }
      >
        {(tie) => (
          <Input
            {...tie}
            autoFocus
            autoCapitalize="none"
            className="font-mono"
            maxLength={63}
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Choice
        type="checkbox"
        checked={draft.isShared}
        onChange={(event) => onChange({ isShared: event.target.checked })}
        label="Several apps may use it"
        hint="Each gets a database and a user of its own in it."
      />
      {needsLogin ? (
        <fieldset className="grid gap-4 sm:grid-cols-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">
            The container tells no login that works
          </legend>
          <Field label="Administrator" error={told.admin_user}>
            {(tie) => (
              <Input
                {...tie}
                autoCapitalize="none"
                className="font-mono"
                placeholder={engine?.default_admin_user}
                value={draft.adminUser}
                onChange={(event) => onChange({ adminUser: event.target.value })}
              />
            )}
          </Field>
          <Field label="Its password" error={told.admin_password}>
            {(tie) => (
              <PasswordInput
                {...tie}
                autoComplete="off"
                value={draft.adminPassword}
                onChange={(event) => onChange({ adminPassword: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
      ) : null}
    </form>
  );
}
