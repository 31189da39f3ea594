"use client";

import { useRelease } from "@/features/detected/queries";
import type { Database } from "@/lib/api";
import { DangerZone } from "../danger-zone";
import { whyNotRelease } from "../status";

/** The end of looking after a database that somebody else made. Nothing of it is removed. */
export function ReleaseForm({ database }: { database: Database }) {
  const release = useRelease();
  return (
    <DangerZone
      title="Release this database"
      name={database.name}
      button="Release it"
      blocked={whyNotRelease(database)}
      isBusy={release.isPending}
      error={release.error}
      onConfirm={(onSuccess) => release.mutate(database, { onSuccess })}
    >
      It goes on as whoever made it left it, with its data and its passwords. It is taken off the network of
      the apps, its login is forgotten, and it is no longer shown here. Deleting it and its data is left to
      whoever made it.
    </DangerZone>
  );
}
