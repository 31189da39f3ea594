"use client";

import { useState } from "react";
import { useRelease } from "@/features/detected/queries";
import type { Database } from "@/lib/api";
import { DangerZone } from "../danger-zone";
import { useDeleteDatabase } from "../queries";
import { whyNotRelease } from "../status";

const FATES = [
  {
    fate: "release",
    label: "Give it back",
    hint: "It goes on as whoever made it left it, with its data and its passwords.",
  },
  {
    fate: "delete",
    label: "Take ownership and delete it with its data",
    hint: "The container and its volumes are removed. Nothing brings them back. Directories of the host stay.",
  },
] as const;

/** The end of looking after a database that somebody else made. Only on demand is anything of it removed. */
export function ReleaseForm({ database }: { database: Database }) {
  const [fate, setFate] = useState<"release" | "delete">("release");
  const release = useRelease();
  const remove = useDeleteDatabase();
  const isRelease = fate === "release";
  return (
    <DangerZone
      title="Release this database"
      name={database.name}
      button={isRelease ? "Release it" : "Delete it and its data"}
      fates={{ of: "the database", value: fate, onChange: setFate, options: FATES }}
      blocked={whyNotRelease(database)}
      isBusy={release.isPending || remove.isPending}
      error={isRelease ? release.error : remove.error}
      onConfirm={(onSuccess) => {
        if (isRelease) release.mutate(database, { onSuccess });
        else remove.mutate({ database, data: "delete", takesOwnership: true }, { onSuccess });
      }}
    >
      It is taken off the network of the apps, its login is forgotten, and it is no longer shown here.
    </DangerZone>
  );
}
