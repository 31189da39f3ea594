"use client";

import { Wand2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { Bar } from "@/components/ui/bar";
import type { EngineInfo, KeptVolume } from "@/lib/api";
import { LimitFields } from "../limit-fields";
import type { Draft } from "./draft";
import { generatePassword, strength } from "./strength";

interface AdvancedFieldsProps {
  engine: EngineInfo;
  kept: KeptVolume | null;
  draft: Draft;
  set: <K extends keyof Draft>(field: K, value: Draft[K]) => void;
  onChange: (change: Partial<Draft>) => void;
  errorOf: (field: keyof Draft) => string | null;
}

export function AdvancedFields({ engine, kept, draft, set, onChange, errorOf }: AdvancedFieldsProps) {
  return (
    <div className="grid gap-4 border-t p-3.5">
      {kept === null ? (
        <>
          <Field
            label="Administrator"
            error={errorOf("adminUser")}
            hint="Its name inside the database server."
          >
            {(tie) => (
              <Input
                {...tie}
                className="font-mono"
                autoCapitalize="none"
                placeholder={engine.default_admin_user}
                value={draft.adminUser}
                onChange={(event) => set("adminUser", event.target.value)}
              />
            )}
          </Field>
          <Password
            value={draft.adminPassword}
            error={errorOf("adminPassword")}
            onChange={(value) => set("adminPassword", value)}
          />
        </>
      ) : null}
      <Field
        label="Image"
        error={errorOf("image")}
        hint="Another image of the same engine, such as one with extensions or of your own registry."
      >
        {(tie) => (
          <Input
            {...tie}
            className="font-mono"
            autoCapitalize="none"
            placeholder="the official one"
            value={draft.image}
            onChange={(event) => set("image", event.target.value)}
          />
        )}
      </Field>
      <LimitFields draft={draft} onChange={onChange} errorOf={errorOf} />
      <Field label="Note" error={errorOf("description")} hint="What it is for, for those who come after you.">
        {(tie) => (
          <Input
            {...tie}
            maxLength={500}
            value={draft.description}
            onChange={(event) => set("description", event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

interface PasswordProps {
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

function Password({ value, error, onChange }: PasswordProps) {
  const { share, word } = strength(value);
  const hint =
    value === "" ? "Leave it empty: a long one is generated and kept encrypted." : `This one is ${word}.`;
  return (
    <Field label="Password" error={error} hint={hint}>
      {(tie) => (
        <div className="grid gap-2">
          <PasswordInput
            {...tie}
            autoComplete="new-password"
            maxLength={128}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {value === "" ? null : <Bar share={share} />}
          <div className="flex gap-2">
            <Button size="sm" onClick={() => onChange(generatePassword())}>
              <Wand2 aria-hidden /> Make one up
            </Button>
            {value === "" ? null : <CopyButton hasWord what="the password" text={value} />}
          </div>
        </div>
      )}
    </Field>
  );
}
