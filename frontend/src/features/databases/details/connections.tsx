"use client";

import { Inside } from "@/features/inside/inside";
import type { Database } from "@/lib/api";

/** Who uses it: what is inside, and for whom. */
export function Connections({ database }: { database: Database }) {
  return <Inside database={database} />;
}
