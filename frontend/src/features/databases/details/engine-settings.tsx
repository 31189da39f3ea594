"use client";

import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import type { Database, EngineInfo } from "@/lib/api";
import { ruleOf, tunedValue } from "./settings-draft";

interface EngineSettingsProps {
  database: Database;
  engine: EngineInfo;
  values: Record<string, string>;
  /** What the server said about each, by the field of the request. */
  errors: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

/** Settings of the database server itself: those that were chosen, and one more to choose. */
export function EngineSettings({ database, engine, values, errors, onChange }: EngineSettingsProps) {
  const names = Object.keys(values).sort();
  const tuned = database.settings.applied_settings.filter(
    ({ is_tuned, name }) => is_tuned && values[name] === undefined,
  );
  const without = (name: string) =>
    Object.fromEntries(Object.entries(values).filter(([other]) => other !== name));
  const general = errors.engine_settings;
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Settings of the server</legend>
      {names.map((name) => (
        <div key={name} className="flex items-start gap-2">
          <Field
            className="min-w-0 flex-1"
            label={<code className="font-mono break-all">{name}</code>}
            hint={ruleOf(engine, name)}
            error={errors[`engine_settings.${name}`]}
          >
            {(tie) => (
              <Input
                {...tie}
                className="font-mono"
                autoCapitalize="none"
                value={values[name] ?? ""}
                onChange={(event) => onChange({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
          <Button
            variant="ghost"
            size="icon"
            className="mt-6"
            aria-label={`Take ${name} back`}
            onClick={() => onChange(without(name))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <Adder
        offered={engine.settings.map(({ name }) => name).filter((name) => values[name] === undefined)}
        onAdd={(name) => onChange({ ...values, [name]: tunedValue(database, name) ?? "" })}
      />
      {general ? (
        <p role="alert" className="text-[0.8125rem] text-bad">
          {general}
        </p>
      ) : null}
      {tuned.length > 0 ? (
        <p className="text-[0.8125rem] text-muted-foreground">
          Follows the memory:{" "}
          <span className="font-mono break-all">
            {tuned.map(({ name, value }) => `${name} ${value}`).join(", ")}
          </span>
        </p>
      ) : null}
    </fieldset>
  );
}

function Adder({ offered, onAdd }: { offered: string[]; onAdd: (name: string) => void }) {
  const list = useId();
  const [typed, setTyped] = useState("");
  const isOffered = offered.includes(typed);
  const add = () => {
    if (!isOffered) return;
    onAdd(typed);
    setTyped("");
  };
  return (
    <Field label="Add a setting" hint={`${offered.length} can be set; type to find one.`}>
      {(tie) => (
        <div className="flex gap-2">
          <Input
            {...tie}
            list={list}
            className="font-mono"
            autoCapitalize="none"
            placeholder={offered[0]}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              add();
            }}
          />
          <datalist id={list}>
            {offered.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <Button reason={isOffered ? null : "Type the name of a setting that it has."} onClick={add}>
            <Plus aria-hidden /> Add
          </Button>
        </div>
      )}
    </Field>
  );
}
