"use client";

import { Field, Input } from "@/components/ui/field";
import type { LimitDraft } from "./limits";

interface LimitFieldsProps {
  draft: LimitDraft;
  onChange: (change: Partial<LimitDraft>) => void;
  errorOf: (field: keyof LimitDraft) => string | null;
}

/** The most memory and processors that a database may use. */
export function LimitFields({ draft, onChange, errorOf }: LimitFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field label="Memory, in MiB" error={errorOf("memory")} hint="Empty for no limit. Caches follow it.">
        {(tie) => (
          <Input
            {...tie}
            inputMode="numeric"
            className="font-mono"
            placeholder="no limit"
            value={draft.memory}
            onChange={(event) => onChange({ memory: event.target.value })}
          />
        )}
      </Field>
      <Field label="Processors" error={errorOf("cpus")} hint="Such as 0.5 or 2. Empty for no limit.">
        {(tie) => (
          <Input
            {...tie}
            inputMode="decimal"
            className="font-mono"
            placeholder="no limit"
            value={draft.cpus}
            onChange={(event) => onChange({ cpus: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
