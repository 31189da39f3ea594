"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import { TypedName } from "@/features/databases/typed-name";
import type { Database } from "@/lib/api";
import { useDeleteLogicalDatabase, useDeleteLogicalUser } from "./queries";

interface DropDialogProps {
  database: Database;
  what: "drop-database" | "drop-user";
  name: string;
  onClose: () => void;
}

/** Drops a database or a user inside, once its name was typed. */
export function DropDialog({ database, what, name, onClose }: DropDialogProps) {
  const [typed, setTyped] = useState("");
  const dropDatabase = useDeleteLogicalDatabase(database.id);
  const dropUser = useDeleteLogicalUser(database.id);
  const isDatabase = what === "drop-database";
  const drop = isDatabase ? dropDatabase : dropUser;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Drop ${name}`}
      className="sm:w-[min(94vw,30rem)]"
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            variant="danger"
            isBusy={drop.isPending}
            reason={typed === name ? null : "Type the name first."}
            onClick={() => drop.mutate(name, { onSuccess: onClose })}
          >
            {isDatabase ? "Drop the database" : "Drop the user"}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {drop.isError ? <ErrorNotice error={drop.error} /> : null}
        <p>
          {isDatabase
            ? `Drops the database ${name} inside ${database.name} with all that is in it, and the users made for it. Nothing brings them back.`
            : `Drops the user ${name} of ${database.name} and ends its connections. What it made stays.`}
        </p>
        <TypedName name={name} value={typed} onChange={setTyped} />
      </div>
    </Dialog>
  );
}
