"use client";

import { Links } from "@/features/apps/links";
import { Inside } from "@/features/inside/inside";
import type { Database } from "@/lib/api";

/** Who uses it: the apps, and what is inside for them. */
export function Connections({ database }: { database: Database }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-7">
      <Links database={database} />
      <Inside database={database} />
    </div>
  );
}
