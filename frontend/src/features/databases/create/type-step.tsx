"use client";

import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { EngineMark } from "@/features/engines/engine-mark";
import { useEngines } from "@/features/engines/queries";
import type { EngineInfo } from "@/lib/api";

/** Which engine: one card each, as the server offers them. */
export function TypeStep({ onChoose }: { onChoose: (engine: EngineInfo) => void }) {
  const engines = useEngines();
  if (engines.isPending) return <Loading what="what is on offer" />;
  if (engines.isError) return <ErrorNotice error={engines.error} />;
  return (
    <ul className="grid gap-3 sm:grid-cols-2" aria-label="Types of databases">
      {engines.data.map((engine) => (
        <li key={engine.type}>
          <button
            type="button"
            onClick={() => onChoose(engine)}
            className="flex h-full w-full items-start gap-3 rounded-md border bg-card p-4 text-left hover:border-accent"
          >
            <EngineMark type={engine.type} className="size-10" />
            <span className="grid gap-1">
              <span className="flex flex-wrap items-baseline gap-x-2 font-medium">
                {engine.display_name}
                {engine.is_popular ? <span className="text-xs font-normal text-accent">popular</span> : null}
              </span>
              <span className="text-[0.8125rem] text-muted-foreground">{engine.description}</span>
              <span className="font-mono text-xs text-muted-foreground">
                {engine.default_version}
                {endOfLife(engine)}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function endOfLife({ versions, default_version }: EngineInfo): string {
  const end = versions.find(({ version }) => version === default_version)?.end_of_life;
  return end ? ` · supported until ${monthOf(end)}` : "";
}

/** `Nov 2028` */
export function monthOf(day: string): string {
  return new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" }).format(new Date(day));
}
