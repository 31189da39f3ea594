"use client";

import { Play, RotateCw, Square } from "lucide-react";
import { useMay } from "@/features/auth/queries";
import { watch } from "@/features/operations/watched";
import { say, type Database } from "@/lib/api";
import { note } from "@/lib/note";
import { useLifecycle, type Verb } from "./queries";
import { whyNot } from "./status";

export const VERBS: readonly { verb: Verb; name: string; icon: typeof Play }[] = [
  { verb: "start", name: "Start", icon: Play },
  { verb: "stop", name: "Stop", icon: Square },
  { verb: "restart", name: "Restart", icon: RotateCw },
];

/** Does it, and follows it to its end in the corner. */
export function useAct(database: Database) {
  const lifecycle = useLifecycle();
  const may = useMay();
  const act = (verb: Verb) =>
    lifecycle.mutate(
      { id: database.id, verb },
      {
        onSuccess: ({ operation }) => watch(operation.id, database.name),
        onError: (error) => {
          const { title, detail } = say(error);
          note("error", title, { description: detail });
        },
      },
    );
  const reasonFor = (verb: Verb) => may("operator") ?? whyNot(database, verb);
  return { act, reasonFor, isBusy: lifecycle.isPending };
}
