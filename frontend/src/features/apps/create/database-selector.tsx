"use client";

import { Choice, Field, Input, Select } from "@/components/ui/field";
import { useDatabases } from "@/features/databases/queries";
import { useEngines } from "@/features/engines/queries";
import type { Engine } from "@/lib/api";
import { DeliveryFields } from "../delivery-fields";
import { NetworkField } from "../network-field";
import type { AppDraft, Problems, Source } from "./draft";
import { ExternalFields } from "./external-fields";

interface DatabaseSelectorProps {
  draft: AppDraft;
  problems: Problems;
  /** Whether it was tried to go on, so that everything that is wrong is said. */
  isTried: boolean;
  /** What the server said about each field of the request. */
  told: Record<string, string>;
  onChange: (change: Partial<AppDraft>) => void;
}

const SOURCES: readonly { source: Source; label: string; hint: string }[] = [
  { source: "none", label: "None", hint: "It needs none, or brings its own." },
  {
    source: "existing",
    label: "One that is there",
    hint: "It gets a database and a user of its own in a shared one.",
  },
  {
    source: "new",
    label: "A new one for this app alone",
    hint: "Deployed first, and taken back with the app when that fails.",
  },
  { source: "external", label: "One somewhere else", hint: "By its connection string." },
];

/** Which database an app uses. */
export function DatabaseSelector({ draft, problems: all, isTried, told, onChange }: DatabaseSelectorProps) {
  const problems = isTried ? all : {};
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Database</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {SOURCES.map(({ source, label, hint }) => (
          <Choice
            key={source}
            type="radio"
            name="source"
            checked={draft.source === source}
            onChange={() => onChange({ source })}
            label={label}
            hint={hint}
          />
        ))}
      </div>
      {draft.source === "none" ? null : (
        <div className="mt-2 grid gap-4 rounded-md border p-4">
          {draft.source === "existing" ? (
            <Existing draft={draft} problems={problems} told={told} onChange={onChange} />
          ) : null}
          {draft.source === "new" ? (
            <New draft={draft} problems={problems} told={told} onChange={onChange} />
          ) : null}
          {draft.source === "external" ? (
            <ExternalFields
              draft={draft}
              problem={
                (isTried || draft.url !== "" ? all.url : null) ?? told["database.connection_string"] ?? null
              }
              told={told}
              onChange={onChange}
            />
          ) : null}
          <DeliveryFields
            prefix={draft.prefix}
            delivery={draft.delivery}
            isVisibleKnown={draft.isVisibleKnown}
            told={told}
            onPrefix={(prefix) => onChange({ prefix })}
            onDelivery={(delivery) => onChange({ delivery })}
            onVisibleKnown={(isVisibleKnown) => onChange({ isVisibleKnown })}
          />
        </div>
      )}
    </fieldset>
  );
}

type PartProps = Omit<DatabaseSelectorProps, "isTried">;

function Existing({ draft, problems, told, onChange }: PartProps) {
  const databases = useDatabases().data ?? [];
  const { data: engines } = useEngines();
  const open = databases.filter(({ is_shared, connection_count }) => is_shared || connection_count === 0);
  const nameOf = (type: Engine) => engines?.find((engine) => engine.type === type)?.display_name ?? type;
  return (
    <>
      <Field
        label="Which"
        error={problems.databaseId ?? told["database.database_id"]}
        hint={open.length === 0 ? "There is no shared database yet." : "Shared ones that run."}
      >
        {(tie) => (
          <Select
            {...tie}
            value={draft.databaseId}
            onChange={(event) => onChange({ databaseId: event.target.value })}
          >
            <option value="">Choose one</option>
            {open.map(({ id, name, type, version, status }) => (
              <option key={id} value={id} disabled={status !== "running"}>
                {name} ({nameOf(type)} {version}
                {status === "running" ? "" : `, ${status}`})
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DatabaseName draft={draft} told={told} onChange={onChange} />
      <NetworkField isOwn={draft.isAlone} onChange={(isAlone) => onChange({ isAlone })} />
    </>
  );
}

function New({ draft, problems, told, onChange }: PartProps) {
  const { data: engines } = useEngines();
  const engine = engines?.find(({ type }) => type === draft.engine);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Type" error={problems.engine ?? told["database.type"]}>
          {(tie) => (
            <Select
              {...tie}
              value={draft.engine}
              onChange={(event) => onChange({ engine: event.target.value as Engine | "", version: "" })}
            >
              <option value="">Choose one</option>
              {engines?.map(({ type, display_name }) => (
                <option key={type} value={type}>
                  {display_name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Version" error={told["database.version"]}>
          {(tie) => (
            <Select
              {...tie}
              value={draft.version}
              onChange={(event) => onChange({ version: event.target.value })}
            >
              <option value="">{engine ? `${engine.default_version} (recommended)` : "recommended"}</option>
              {engine?.versions
                .filter(({ version }) => version !== engine.default_version)
                .map(({ version }) => (
                  <option key={version}>{version}</option>
                ))}
            </Select>
          )}
        </Field>
      </div>
      <DatabaseName draft={draft} told={told} onChange={onChange} />
    </>
  );
}

function DatabaseName({ draft, told, onChange }: Omit<PartProps, "problems">) {
  return (
    <Field
      label="Database inside"
      error={told["database.database_name"] ?? told.database_name}
      hint="Empty for one with the app's name. What is not there is made."
    >
      {(tie) => (
        <Input
          {...tie}
          autoCapitalize="none"
          className="font-mono"
          placeholder={draft.name || "the app's name"}
          value={draft.databaseName}
          onChange={(event) => onChange({ databaseName: event.target.value })}
        />
      )}
    </Field>
  );
}
