"use client";

import { Notice } from "@/components/ui/notice";
import type { Database } from "@/lib/api";
import { DeleteForm } from "./delete-form";
import { ReleaseForm } from "./release-form";
import { draftOf } from "./settings-draft";
import { SettingsForm } from "./settings-form";

/** What can be changed of it, and its end: what was made here is deleted, what somebody else made is given back. */
export function Settings({ database }: { database: Database }) {
  const isAdopted = database.origin === "adopted";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      {isAdopted ? (
        <Notice kind="plain" title="Its container was made by somebody else">
          Note and sharing are changed here. Port, limits and settings of the server would need another
          container: asked for, they are answered with what is to be changed where it was made.
        </Notice>
      ) : null}
      {/* Made anew when any of it changes, so that nobody edits what is no longer so. */}
      <SettingsForm key={`${database.revision} ${JSON.stringify(draftOf(database))}`} database={database} />
      {isAdopted ? <ReleaseForm database={database} /> : <DeleteForm database={database} />}
    </div>
  );
}
