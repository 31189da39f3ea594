"use client";

import { EngineMark } from "@/features/engines/engine-mark";
import { useEngines } from "@/features/engines/queries";
import type { DetectedDatabase } from "@/lib/api";
import { sentence } from "@/lib/format";
import { confidenceInWords } from "./adoption";

interface DetectedListProps {
  found: DetectedDatabase[];
  onChoose: (container: string) => void;
}

/** What was found, with what speaks for it. */
export function DetectedList({ found, onChoose }: DetectedListProps) {
  const { data: engines } = useEngines();
  if (found.length === 0)
    return <p className="py-8 text-center text-muted-foreground">Every database on this host is managed.</p>;
  return (
    <ul className="grid gap-3" aria-label="Found databases">
      {found.map((one) => (
        <li key={one.container_id}>
          <button
            type="button"
            onClick={() => onChoose(one.container_id)}
            className="flex w-full items-start gap-3 rounded-md border bg-card p-4 text-left hover:border-accent"
          >
            <EngineMark type={one.type} className="size-10" />
            <span className="grid min-w-0 flex-1 gap-0.5">
              <span className="font-mono font-medium wrap-anywhere">{one.container_name}</span>
              <span className="text-[0.8125rem] break-words text-muted-foreground">
                {engines?.find(({ type }) => type === one.type)?.display_name ?? one.type} {one.version ?? ""}
                {one.flavor ? ` · ${one.flavor}` : ""} · {one.state} ·{" "}
                <span className="font-mono wrap-anywhere">{one.image}</span>
              </span>
              <span className="text-[0.8125rem] break-words">{sentence(one.reasons.join("; "))}</span>
            </span>
            <span className="rounded-sm border px-1.5 py-0.5 text-xs text-muted-foreground">
              {confidenceInWords(one.confidence)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
