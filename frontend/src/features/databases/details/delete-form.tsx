"use client";

import { useState } from "react";
import type { DataFate, Database } from "@/lib/api";
import { count } from "@/lib/format";
import { DangerZone } from "../danger-zone";
import { useDeleteDatabase } from "../queries";
import { whyNot } from "../status";

const FATES = [
  {
    fate: "keep",
    label: "Keep the data",
    hint: `The volume and the passwords stay. "Kept data" below the databases attaches them again.`,
  },
  {
    fate: "delete",
    label: "Delete the data as well",
    hint: "The volume and the passwords are removed. Nothing brings them back.",
  },
] as const;

/** The end of a database that was made here. */
export function DeleteForm({ database }: { database: Database }) {
  const [fate, setFate] = useState<DataFate | null>(null);
  const remove = useDeleteDatabase();
  return (
    <DangerZone
      title="Delete this database"
      name={database.name}
      button={fate === "delete" ? "Delete the database and its data" : "Delete the database"}
      fates={{ of: "the data", value: fate, onChange: setFate, options: FATES }}
      blocked={whyNot(database, "delete")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={(onSuccess) => {
        if (fate !== null) remove.mutate({ database, data: fate }, { onSuccess });
      }}
    >
      Removes the container and frees the name and the port.
      {database.connection_count > 0 ? ` ${count(database.connection_count, "app")} will lose it.` : ""}
    </DangerZone>
  );
}
