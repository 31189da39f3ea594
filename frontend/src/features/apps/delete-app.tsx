"use client";

import { useState } from "react";
import { DangerZone } from "@/features/databases/danger-zone";
import type { App } from "@/lib/api";
import { useDeleteApp } from "./queries";
import { whyNotApp } from "./status";

const FATES = [
  { fate: "keep", label: "Keep its volumes" },
  { fate: "delete", label: "Delete its volumes as well", hint: "Nothing brings them back." },
] as const;

/** The end of an app. One without volumes leaves nothing to choose about. */
export function DeleteApp({ app }: { app: App }) {
  const hasVolumes = app.volumes.length > 0;
  const [fate, setFate] = useState<"keep" | "delete" | null>(null);
  const remove = useDeleteApp();
  return (
    <DangerZone
      title="Delete this container"
      name={app.name}
      button="Delete the container"
      fates={hasVolumes ? { of: "its volumes", value: fate, onChange: setFate, options: FATES } : undefined}
      blocked={whyNotApp(app, "delete")}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={(onSuccess) => remove.mutate({ app, volumes: fate ?? "keep" }, { onSuccess })}
    >
      Removes the container, its links and their users. The databases stay, with all that is in them.
    </DangerZone>
  );
}
