"use client";

import { ErrorNotice } from "@/components/ui/notice";
import { useDatabases } from "@/features/databases/queries";
import { mask } from "@/features/engines/connection";
import { useEngine } from "@/features/engines/queries";
import type { PreviewVariable } from "@/lib/api";
import { usePreview } from "../queries";
import { externalVariables, toPreview, type AppDraft } from "./draft";

/** What will be there, as it is typed. */
export function Preview({ draft }: { draft: AppDraft }) {
  const request = toPreview(draft);
  const preview = usePreview(request);
  const database = useDatabases().data?.find(({ id }) => id === draft.databaseId);
  const engine = useEngine(draft.engine === "" ? null : draft.engine);
  const name = draft.name === "" ? "…" : draft.name;
  const uses: Record<AppDraft["source"], string> = {
    none: "none",
    existing: database ? `${draft.databaseName || name} in ${database.name}` : "…",
    new: engine ? `a new ${engine.display_name}, ${name}-db` : "…",
    external: "one somewhere else",
  };
  const lines: [string, string][] = [
    ["Runs", draft.image.trim() === "" ? "…" : draft.image.trim()],
    ["Reached by other apps at", name],
    ["On the network", draft.source === "new" ? "of its own, with its database" : "stardeck-data"],
    [
      "On the host",
      draft.ports.length === 0
        ? "no port"
        : draft.ports.map(({ inside, host }) => `127.0.0.1:${host || "a free one"} → ${inside}`).join(", "),
    ],
    ["Database", uses[draft.source]],
  ];
  return (
    <aside
      aria-label="What will happen"
      className="h-fit min-w-0 rounded-md border bg-card p-4 lg:sticky lg:top-20"
    >
      <h2 className="label-caps text-muted-foreground">What will happen</h2>
      <dl className="mt-3 grid gap-2.5 text-[0.8125rem]">
        {lines.map(([term, value]) => (
          <div key={term}>
            <dt className="text-muted-foreground">{term}</dt>
            <dd className="font-mono break-all">{value}</dd>
          </div>
        ))}
      </dl>
      <h2 className="label-caps mt-5 text-muted-foreground">Environment</h2>
      {preview.isError && request !== null ? <ErrorNotice className="mt-2" error={preview.error} /> : null}
      <Environment
        external={externalVariables(draft)}
        own={draft.env.filter(({ name: one }) => one !== "")}
        given={request === null ? [] : (preview.data ?? [])}
      />
    </aside>
  );
}

interface EnvironmentProps {
  external: AppDraft["env"];
  own: AppDraft["env"];
  given: PreviewVariable[];
}

function Environment({ external, own, given }: EnvironmentProps) {
  const rows = [
    ...own.map(({ name }) => ({ name, value: "••••••••", from: "you" })),
    ...external.map(({ name, value }) => ({
      name,
      value: /PASSWORD$/.test(name) ? "••••••••" : mask(value),
      from: "the connection string",
    })),
    ...given.map(({ name, value }) => ({ name, value, from: "the database" })),
  ];
  if (rows.length === 0)
    return <p className="mt-2 text-[0.8125rem] text-muted-foreground">Only what the image sets itself.</p>;
  return (
    <ul aria-label="Environment" className="mt-2 grid gap-2 text-xs">
      {rows.map(({ name, value, from }) => (
        <li key={`${from} ${name}`}>
          <p className="flex justify-between gap-2">
            <code className="font-mono font-medium break-all">{name}</code>
            <span className="whitespace-nowrap text-muted-foreground">from {from}</span>
          </p>
          <code className="font-mono break-all text-muted-foreground">{value}</code>
        </li>
      ))}
    </ul>
  );
}
