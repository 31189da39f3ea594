"use client";

import { useMay } from "@/features/auth/queries";
import { watch } from "@/features/operations/watched";
import { say, type App } from "@/lib/api";
import { note } from "@/lib/note";
import { useAppLifecycle, type AppVerb } from "./queries";
import { whyNotApp } from "./status";

/** Starts, stops or restarts an app, and follows it to its end in the corner. */
export function useAppAct(app: App) {
  const lifecycle = useAppLifecycle();
  const may = useMay();
  const act = (verb: AppVerb) =>
    lifecycle.mutate(
      { id: app.id, verb },
      {
        onSuccess: ({ operation }) => watch(operation.id, app.name),
        onError: (error) => {
          const { title, detail } = say(error);
          note("error", title, { description: detail });
        },
      },
    );
  const reasonFor = (verb: AppVerb) => may("operator") ?? whyNotApp(app, verb);
  return { act, reasonFor, isBusy: lifecycle.isPending };
}
