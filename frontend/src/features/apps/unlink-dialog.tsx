"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Choice } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { TypedName } from "@/features/databases/typed-name";
import { watch } from "@/features/operations/watched";
import type { DatabaseConnection, LogicalFate, UserFate } from "@/lib/api";
import { useUnlink } from "./queries";

type Fate = "keep" | "revoke" | "drop";

const FATES: Record<Fate, { user: UserFate; database: LogicalFate; label: string; hint: string }> = {
  keep: {
    user: "keep",
    database: "keep",
    label: "Keep the user and the data",
    hint: "The app no longer gets the login; who knows it can still use it.",
  },
  revoke: {
    user: "revoke",
    database: "keep",
    label: "Drop the user, keep the data",
    hint: "Right when the app moves on and its data is still wanted.",
  },
  drop: {
    user: "revoke",
    database: "drop",
    label: "Drop the user and the data",
    hint: "The database inside is dropped. Nothing brings it back.",
  },
};

/** Takes a database away from an app; what becomes of the user and the data is said, and nothing is chosen beforehand. */
export function UnlinkDialog({
  connection,
  onClose,
}: {
  connection: DatabaseConnection;
  onClose: () => void;
}) {
  const [fate, setFate] = useState<Fate | null>(null);
  const [typed, setTyped] = useState("");
  const unlink = useUnlink();
  const { container_name: app, database_name } = connection;
  const missing =
    fate === null
      ? "Choose what becomes of the user and the data."
      : fate === "drop" && typed !== database_name
        ? "Type the name first."
        : null;
  const submit = () => {
    if (fate === null) return;
    const { user, database } = FATES[fate];
    unlink.mutate(
      { connection, user, database },
      {
        onSuccess: ({ operation }) => {
          watch(operation.id, app);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Unlink ${app}`}
      description={`From the database ${database_name}. The app gets a new container without it.`}
      className="sm:w-[min(94vw,32rem)]"
      footer={
        <>
          <Button onClick={onClose}>Leave it linked</Button>
          <Button variant="danger" isBusy={unlink.isPending} reason={missing} onClick={submit}>
            Unlink
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {unlink.isError ? <ErrorNotice error={unlink.error} /> : null}
        <fieldset className="grid gap-2">
          <legend className="sr-only">What becomes of the user and the data</legend>
          {Object.entries(FATES).map(([one, { label, hint }]) => (
            <Choice
              key={one}
              type="radio"
              name="unlink-fate"
              checked={fate === one}
              onChange={() => setFate(one as Fate)}
              label={label}
              hint={hint}
            />
          ))}
        </fieldset>
        {fate === "drop" ? <TypedName name={database_name} value={typed} onChange={setTyped} /> : null}
      </div>
    </Dialog>
  );
}
