"use client";

import { ChevronDown } from "lucide-react";
import { Choice, Field, Input, Select } from "@/components/ui/field";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { fieldErrors, type EngineInfo, type KeptVolume } from "@/lib/api";
import { useDatabases } from "../queries";
import { ReachFields } from "../reach-fields";
import { AdvancedFields } from "./advanced-fields";
import { ADVANCED, FIELD_OF, problems, type Draft } from "./draft";
import { Summary } from "./summary";
import { monthOf } from "./type-step";

interface ConfigureStepProps {
  engine: EngineInfo;
  kept: KeptVolume | null;
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** Whether it was tried to go on, so that everything that is wrong is said. */
  isTried: boolean;
  /** Why the server refused it. */
  error: unknown;
  onSubmit: () => void;
}

/** What is checked as it is typed. */
const LIVE: readonly (keyof Draft)[] = ["port", "memory", "cpus"];

export const FORM_ID = "create-database";

export function ConfigureStep({
  engine,
  kept,
  draft,
  onChange,
  isTried,
  error,
  onSubmit,
}: ConfigureStepProps) {
  const taken = useDatabases().data?.map(({ name }) => name) ?? [];
  const set = <K extends keyof Draft>(field: K, value: Draft[K]) => onChange({ ...draft, [field]: value });
  const merge = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const own = problems(draft, taken);
  const told = fieldErrors(error);
  const fromServer = Object.fromEntries(
    Object.entries(told).map(([field, text]) => [FIELD_OF[field] ?? field, text]),
  );
  const isShown = (field: keyof Draft) =>
    isTried || (field === "name" && draft.name !== "") || LIVE.includes(field);
  const errorOf = (field: keyof Draft) =>
    (isShown(field) ? own[field] : undefined) ?? fromServer[field] ?? null;
  const hasAdvancedError = ADVANCED.some((field) => fromServer[field] !== undefined);
  return (
    <form
      id={FORM_ID}
      className="grid gap-6 md:grid-cols-[minmax(0,1fr)_15rem]"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="grid content-start gap-5">
        {error && Object.keys(told).length === 0 ? <ErrorNotice error={error} /> : null}
        {kept ? <KeptNote kept={kept} /> : null}
        <Field
          label="Name"
          error={errorOf("name")}
          hint={
            draft.name === "" ? (
              "Apps will use it as the host name."
            ) : (
              <InternalHint name={draft.name} engine={engine} />
            )
          }
        >
          {(tie) => (
            <Input
              {...tie}
              name="name"
              autoFocus
              autoCapitalize="none"
              className="font-mono"
              maxLength={63}
              placeholder="shop"
              value={draft.name}
              onChange={(event) => set("name", event.target.value)}
            />
          )}
        </Field>
        <Field label="Version" error={errorOf("version")}>
          {(tie) => (
            <Select
              {...tie}
              name="version"
              value={draft.version}
              onChange={(event) => set("version", event.target.value)}
            >
              <option value="">
                {kept ? `${kept.version} (of the data)` : `${engine.default_version} (recommended)`}
              </option>
              {engine.versions
                .filter(({ version }) => version !== (kept?.version ?? engine.default_version))
                .map(({ version, end_of_life: end }) => (
                  <option key={version} value={version}>
                    {version}
                    {end ? `, supported until ${monthOf(end)}` : ""}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">Who uses it</legend>
          <Choice
            type="radio"
            name="sharing"
            checked={draft.isShared}
            onChange={() => set("isShared", true)}
            label="Several apps may use it"
            hint="Each gets a database and a user of its own."
          />
          <Choice
            type="radio"
            name="sharing"
            checked={!draft.isShared}
            onChange={() => set("isShared", false)}
            label="One app only"
            hint="It is not offered to other apps."
          />
        </fieldset>
        <ReachFields engine={engine} draft={draft} onChange={merge} errorOf={errorOf} />
        <details className="group rounded-md border" open={hasAdvancedError || undefined}>
          <summary className="flex cursor-pointer list-none items-center justify-between rounded-md px-3.5 py-2.5 font-medium [&::-webkit-details-marker]:hidden">
            Advanced
            <ChevronDown className="size-4 transition-transform group-open:rotate-180" aria-hidden />
          </summary>
          <AdvancedFields
            engine={engine}
            kept={kept}
            draft={draft}
            set={set}
            onChange={merge}
            errorOf={errorOf}
          />
        </details>
      </div>
      <Summary engine={engine} kept={kept} draft={draft} />
    </form>
  );
}

function InternalHint({ name, engine }: { name: string; engine: EngineInfo }) {
  return (
    <>
      Apps will reach it at{" "}
      <code className="font-mono break-all text-foreground">
        {name}:{engine.internal_port}
      </code>
    </>
  );
}

function KeptNote({ kept }: { kept: KeptVolume }) {
  return (
    <Notice kind="plain" title={`Runs on the kept data of ${kept.name}`}>
      Its administrator {kept.admin_user} and the password stay as they were.
    </Notice>
  );
}
