"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { TypedName } from "@/features/databases/typed-name";
import { watch } from "@/features/operations/watched";
import type { App } from "@/lib/api";
import { useQueryState } from "@/lib/use-query-state";
import { useDeleteApp } from "./queries";
import { whyNotApp } from "./status";

/** The end of an app. Its name is typed, and what becomes of its volumes is said. */
export function DeleteApp({ app }: { app: App }) {
  const [fate, setFate] = useState<"keep" | "delete" | null>(app.volumes.length === 0 ? "keep" : null);
  const [typed, setTyped] = useState("");
  const [, setQuery] = useQueryState();
  const remove = useDeleteApp();
  const forbidden = useMay()("admin") ?? whyNotApp(app, "delete");
  const missing =
    fate === null
      ? "Choose what becomes of its volumes."
      : typed === app.name
        ? null
        : "Type the name first.";
  const submit = () => {
    if (fate === null) return;
    remove.mutate(
      { app, volumes: fate },
      {
        onSuccess: ({ operation }) => {
          watch(operation.id, app.name);
          setQuery({ app: null, view: null }, "replace");
        },
      },
    );
  };
  return (
    <section aria-labelledby="danger" className="rounded-md border border-bad/60">
      <h3 id="danger" className="label-caps border-b border-bad/60 px-4 py-2.5 text-bad">
        Danger zone
      </h3>
      <div className="grid gap-4 p-4">
        <div>
          <h4 className="font-medium">Delete this container</h4>
          <p className="text-[0.8125rem] text-muted-foreground">
            Removes the container, its links and their users. The databases stay, with all that is in them.
          </p>
        </div>
        {remove.isError ? <ErrorNotice error={remove.error} /> : null}
        {app.volumes.length > 0 ? (
          <fieldset className="grid gap-2">
            <legend className="sr-only">What becomes of its volumes</legend>
            <Choice
              type="radio"
              name="volumes"
              checked={fate === "keep"}
              onChange={() => setFate("keep")}
              label="Keep its volumes"
            />
            <Choice
              type="radio"
              name="volumes"
              checked={fate === "delete"}
              onChange={() => setFate("delete")}
              label="Delete its volumes as well"
              hint="Nothing brings them back."
            />
          </fieldset>
        ) : null}
        <TypedName name={app.name} value={typed} onChange={setTyped} />
        <Button
          variant="danger"
          className="justify-self-start"
          reason={forbidden ?? missing}
          isBusy={remove.isPending}
          onClick={submit}
        >
          Delete the container
        </Button>
      </div>
    </section>
  );
}
