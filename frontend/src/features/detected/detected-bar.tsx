"use client";

import { Radar } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useMay } from "@/features/auth/queries";
import { useEngines } from "@/features/engines/queries";
import type { DetectedDatabase } from "@/lib/api";
import { count } from "@/lib/format";
import { useQueryState } from "@/lib/use-query-state";
import { useDetected } from "./queries";

const NAMED = 3;

/** Database servers that were found on the host, offered to be looked after. */
export function DetectedBar() {
  const isAdmin = useMay()("admin") === null;
  const { data } = useDetected(isAdmin);
  const { data: engines } = useEngines();
  const [, setQuery] = useQueryState();
  if (!data || data.length === 0) return null;
  const word = ({ type, container_name }: DetectedDatabase) =>
    `${engines?.find((engine) => engine.type === type)?.display_name ?? type} “${container_name}”`;
  const more = data.length - NAMED;
  return (
    <section
      aria-label="Found on this host"
      className="mt-5 flex flex-wrap items-center gap-3 rounded-md border border-accent/50 bg-accent-soft px-4 py-3"
    >
      <Radar className="size-4 shrink-0 text-accent" aria-hidden />
      <p className="min-w-40 flex-1">
        <span className="font-medium">
          Found on this host: {count(data.length, "database")} not managed yet.
        </span>{" "}
        <span className="break-words">
          {data.slice(0, NAMED).map(word).join(", ")}
          {more > 0 ? ` and ${more} more` : ""}
        </span>
      </p>
      <Button
        size="sm"
        onClick={() => setQuery({ adopt: data.length === 1 ? (data[0]?.container_id ?? "list") : "list" })}
      >
        Review
      </Button>
    </section>
  );
}
