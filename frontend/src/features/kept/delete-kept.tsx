"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import { TypedName } from "@/features/databases/typed-name";
import { watch } from "@/features/operations/watched";
import type { KeptVolume } from "@/lib/api";
import { bytes } from "@/lib/format";
import { useDeleteKept } from "./queries";
import { sizeOf } from "./size";

/** Removes kept data for good, once its name was typed. */
export function DeleteKept({ kept, onClose }: { kept: KeptVolume; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const remove = useDeleteKept();
  const size = sizeOf(kept);
  const submit = () =>
    remove.mutate(kept, {
      onSuccess: ({ operation }) => {
        watch(operation.id, `the kept data of ${kept.name}`);
        onClose();
      },
    });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete the data of ${kept.name}`}
      className="sm:w-[min(94vw,30rem)]"
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            variant="danger"
            isBusy={remove.isPending}
            reason={typed === kept.name ? null : "Type the name first."}
            onClick={submit}
          >
            Delete {size === null ? "the data" : bytes(size)}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {remove.isError ? <ErrorNotice error={remove.error} /> : null}
        <p>
          Removes {kept.volumes.map((volume) => volume.name).join(", ")} and the stored passwords. Nothing
          brings them back.
        </p>
        <TypedName name={kept.name} value={typed} onChange={setTyped} />
      </div>
    </Dialog>
  );
}
