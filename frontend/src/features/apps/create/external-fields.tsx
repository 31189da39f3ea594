"use client";

import { Choice, Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { parseTarget } from "@/features/engines/connection";
import type { AppDraft } from "./draft";

interface ExternalFieldsProps {
  draft: AppDraft;
  /** What is wrong with the string, by ourselves or by the server. */
  problem: string | null;
  /** What the server said about each field of the request. */
  told: Record<string, string>;
  onChange: (change: Partial<AppDraft>) => void;
}

/** A database that somebody else runs, by its connection string, which is taken apart as it is typed. */
export function ExternalFields({ draft, problem, told, onChange }: ExternalFieldsProps) {
  const target = parseTarget(draft.url);
  const parts = target
    ? [
        ["Type", target.scheme],
        ["Host", target.host],
        ["Port", target.port || "the usual one"],
        ["User", target.user || "none"],
        ["Password", target.password === "" ? "none" : "••••••••"],
        ["Database", target.database || "none"],
      ]
    : [];
  const untested = told.accept_untested ?? told["database.accept_untested"];
  return (
    <>
      <Field
        label="Connection string"
        error={problem}
        hint="Such as scheme://user:password@host:port/database. It is kept encrypted, and tried before the app is made."
      >
        {(tie) => (
          <PasswordInput
            {...tie}
            autoComplete="off"
            autoCapitalize="none"
            value={draft.url}
            onChange={(event) => onChange({ url: event.target.value.trim(), isUntestedKnown: false })}
          />
        )}
      </Field>
      {parts.length > 0 ? (
        <dl aria-label="Its parts" className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1 text-[0.8125rem]">
          {parts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted-foreground">{term}</dt>
              <dd className="font-mono wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {untested || draft.isUntestedKnown ? (
        <Choice
          type="checkbox"
          checked={draft.isUntestedKnown}
          onChange={(event) => onChange({ isUntestedKnown: event.target.checked })}
          label="I know that the login is not tried"
          hint={untested}
        />
      ) : null}
    </>
  );
}
