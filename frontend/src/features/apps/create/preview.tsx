"use client";

import { ErrorNotice } from "@/components/ui/notice";
import { useDatabases } from "@/features/databases/queries";
import { useEngine } from "@/features/engines/queries";
import type { PreviewVariable } from "@/lib/api";
import type { AppDraft } from "./draft";

interface PreviewProps {
  draft: AppDraft;
  /** The variables that its database gives. */
  given: readonly PreviewVariable[];
  /** Why they are not known, where no field says so. */
  error: unknown;
}

/** What will be there, as it is typed. */
export function Preview({ draft, given, error }: PreviewProps) {
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
            <dd className="font-mono wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <h2 className="label-caps mt-5 text-muted-foreground">Environment</h2>
      {error ? <ErrorNotice className="mt-2" error={error} /> : null}
      <Environment
        own={draft.env.filter(({ name: one }) => one !== "")}
        given={given}
        from={draft.source === "external" ? "the connection string" : "the database"}
      />
    </aside>
  );
}

interface EnvironmentProps {
  own: AppDraft["env"];
  given: readonly PreviewVariable[];
  /** Where the given ones come from. */
  from: string;
}

function Environment({ own, given, from: source }: EnvironmentProps) {
  const rows = [
    ...own.map(({ name }) => ({ name, value: "••••••••", from: "you" })),
    ...given.map(({ name, value }) => ({ name, value, from: source })),
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
