"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { watch } from "@/features/operations/watched";
import type { DataFate, Database } from "@/lib/api";
import { count } from "@/lib/format";
import { useQueryState } from "@/lib/use-query-state";
import { useDeleteDatabase } from "../queries";
import { whyNot } from "../status";
import { TypedName } from "../typed-name";

/** The end of a database: its name is typed, and what becomes of the data is said. Nothing is chosen beforehand. */
export function DeleteForm({ database }: { database: Database }) {
  const [fate, setFate] = useState<DataFate | null>(null);
  const [typed, setTyped] = useState("");
  const remove = useDeleteDatabase();
  const [, setQuery] = useQueryState();
  const forbidden = useMay()("admin") ?? whyNot(database, "delete");
  const missing =
    fate === null
      ? "Choose what becomes of the data."
      : typed === database.name
        ? null
        : "Type the name first.";
  const submit = () => {
    if (fate === null) return;
    remove.mutate(
      { database, data: fate },
      {
        onSuccess: ({ operation }) => {
          watch(operation.id, database.name);
          setQuery({ db: null, view: null }, "replace");
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
          <h4 className="font-medium">Delete this database</h4>
          <p className="text-[0.8125rem] text-muted-foreground">
            Removes the container and frees the name and the port.
            {database.connection_count > 0 ? ` ${count(database.connection_count, "app")} will lose it.` : ""}
          </p>
        </div>
        {remove.isError ? <ErrorNotice error={remove.error} /> : null}
        <fieldset className="grid gap-2" disabled={forbidden !== null}>
          <legend className="sr-only">What becomes of the data</legend>
          <Choice
            type="radio"
            name="fate"
            checked={fate === "keep"}
            onChange={() => setFate("keep")}
            label="Keep the data"
            hint={`The volume and the passwords stay. "Kept data" below the databases attaches them again.`}
          />
          <Choice
            type="radio"
            name="fate"
            checked={fate === "delete"}
            onChange={() => setFate("delete")}
            label="Delete the data as well"
            hint="The volume and the passwords are removed. Nothing brings them back."
          />
        </fieldset>
        <TypedName name={database.name} value={typed} onChange={setTyped} />
        <Button
          variant="danger"
          className="justify-self-start"
          reason={forbidden ?? missing}
          isBusy={remove.isPending}
          onClick={submit}
        >
          {fate === "delete" ? "Delete the database and its data" : "Delete the database"}
        </Button>
      </div>
    </section>
  );
}
