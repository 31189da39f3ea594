"use client";

import { DeleteForm } from "./delete-form";
import { draftOf } from "./settings-draft";
import { SettingsForm } from "./settings-form";
import type { Database } from "@/lib/api";

export function Settings({ database }: { database: Database }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      {/* Made anew when any of it changes, so that nobody edits what is no longer so. */}
      <SettingsForm key={`${database.revision} ${JSON.stringify(draftOf(database))}`} database={database} />
      <DeleteForm database={database} />
    </div>
  );
}
