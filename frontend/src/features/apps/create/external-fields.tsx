"use client";

import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { parseTarget } from "@/features/engines/connection";
import type { AppDraft, Problems } from "./draft";

interface ExternalFieldsProps {
  draft: AppDraft;
  problems: Problems;
  isTried: boolean;
  onChange: (change: Partial<AppDraft>) => void;
}

/** A database that somebody else runs, by its connection string, which is taken apart as it is typed. */
export function ExternalFields({ draft, problems, isTried, onChange }: ExternalFieldsProps) {
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
  return (
    <>
      <Field
        label="Connection string"
        error={isTried || draft.url !== "" ? problems.url : null}
        hint="Such as scheme://user:password@host:port/database. It is kept encrypted."
      >
        {(tie) => (
          <PasswordInput
            {...tie}
            autoComplete="off"
            autoCapitalize="none"
            value={draft.url}
            onChange={(event) => onChange({ url: event.target.value.trim() })}
          />
        )}
      </Field>
      {parts.length > 0 ? (
        <dl aria-label="Its parts" className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1 text-[0.8125rem]">
          {parts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted-foreground">{term}</dt>
              <dd className="font-mono break-all">{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
}
