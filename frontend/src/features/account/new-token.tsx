"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Choice, Field, Input, Select } from "@/components/ui/field";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { fieldErrors, type CreatedApiToken, type TokenScope } from "@/lib/api";
import { count, exact } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useCreateToken } from "./queries";
import { DAYS_MOST, daysOf, endDay, FIRST_LIFE, LIVES, OTHER_LIFE, SCOPES } from "./words";

const FORM = "token-form";

type Create = ReturnType<typeof useCreateToken>;

/** Makes an API token and shows it, which is done this once. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  const made = create.data;
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={made ? "The token is made" : "New API token"}
      description={made ? <span className="font-mono wrap-anywhere">{made.api_token.name}</span> : undefined}
      className="sm:w-[min(94vw,32rem)]"
      footer={
        made ? (
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={FORM} variant="primary" isBusy={create.isPending}>
              Make the token
            </Button>
          </>
        )
      }
    >
      {made ? <Made made={made} /> : <TokenForm create={create} />}
    </Dialog>
  );
}

function TokenForm({ create }: { create: Create }) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<TokenScope>("read");
  const errors = fieldErrors(create.error);
  const [life, setLife] = useState(FIRST_LIFE);
  const [typed, setTyped] = useState("");
  const days = daysOf(life, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (days !== null && !create.isPending) create.mutate({ name, scope, expires_in_days: days });
  };
  return (
    <form id={FORM} onSubmit={submit} className="grid gap-4">
      {create.isError && Object.keys(errors).length === 0 ? <ErrorNotice error={create.error} /> : null}
      <Field label="Name" error={errors.name} hint="Of the program that uses it, or of its task.">
        {(tie) => (
          <Input
            {...tie}
            required
            autoFocus
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <ScopeChoices scope={scope} error={errors.scope} onScope={setScope} />
      <LifeFields
        life={life}
        typed={typed}
        days={days}
        error={errors.expires_in_days}
        onLife={setLife}
        onTyped={setTyped}
      />
    </form>
  );
}

interface ScopeChoicesProps {
  scope: TokenScope;
  error?: string;
  onScope: (scope: TokenScope) => void;
}

function ScopeChoices({ scope, error, onScope }: ScopeChoicesProps) {
  const may = useMay();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">What it may do</legend>
      {SCOPES.map(({ scope: one, role, may: what }) => {
        const forbidden = may(role);
        return (
          <Choice
            key={one}
            type="radio"
            name="scope"
            checked={scope === one}
            disabled={forbidden !== null}
            onChange={() => onScope(one)}
            label={one}
            hint={forbidden === null ? what : `${what} ${forbidden}`}
          />
        );
      })}
      {error ? (
        <p role="alert" className="text-[0.8125rem] text-bad">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

interface LifeFieldsProps {
  life: string;
  typed: string;
  days: number | null;
  error?: string;
  onLife: (life: string) => void;
  onTyped: (typed: string) => void;
}

function LifeFields({ life, typed, days, error, onLife, onTyped }: LifeFieldsProps) {
  const now = useNow(60_000);
  const isOther = life === OTHER_LIFE;
  const hint = days === null ? undefined : `On ${endDay(days, now)}, if it is not revoked before.`;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field label="Ends after" error={isOther ? null : error} hint={isOther ? undefined : hint}>
        {(tie) => (
          <Select {...tie} value={life} onChange={(event) => onLife(event.target.value)}>
            {LIVES.map((number) => (
              <option key={number} value={number}>
                {count(number, "day")}
              </option>
            ))}
            <option value={OTHER_LIFE}>Other …</option>
          </Select>
        )}
      </Field>
      {isOther ? (
        <Field label="Days" error={error} hint={hint ?? `A number from 1 to ${DAYS_MOST}.`}>
          {(tie) => (
            <Input
              {...tie}
              required
              type="number"
              inputMode="numeric"
              min={1}
              max={DAYS_MOST}
              step={1}
              value={typed}
              onChange={(event) => onTyped(event.target.value)}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}

function Made({ made }: { made: CreatedApiToken }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Notice kind="warn" title="Copy it now: it is shown this once.">
        Stardeck keeps only a hash of it. One that is lost is revoked, and another one made.
      </Notice>
      <pre
        tabIndex={0}
        aria-label="The token"
        className="rounded-md border bg-inset p-3 font-mono text-[0.8125rem] break-all whitespace-pre-wrap select-all"
      >
        {made.token}
      </pre>
      <CopyButton className="justify-self-start" hasWord what="the token" text={made.token} />
      <p className="text-[0.8125rem] text-muted-foreground">
        Programs send it as <code className="font-mono text-foreground">Authorization: Bearer TOKEN</code>. It
        ends on {exact(made.api_token.expires_at)}.
      </p>
    </div>
  );
}
