"use client";

import { DeleteForm } from "./delete-form";
import type { Database } from "@/lib/api";

export function Settings({ database }: { database: Database }) {
  return (
    <div className="grid gap-8">
      <DeleteForm database={database} />
    </div>
  );
}
