"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import type { ApiToken } from "@/lib/api";
import { useNow } from "@/lib/use-now";
import { useRevokeToken } from "./queries";
import { stateOf } from "./words";

/** Asks before a token is revoked, or an expired one taken off the list. */
export function RevokeToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const revoke = useRevokeToken();
  const isExpired = stateOf(token, useNow(10_000)) === "expired";
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isExpired ? "Remove the token" : "Revoke the token"}
      description={<span className="font-mono wrap-anywhere">{token.name}</span>}
      className="sm:w-[min(94vw,28rem)]"
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            variant="danger"
            isBusy={revoke.isPending}
            onClick={() => revoke.mutate(token.id, { onSuccess: onClose })}
          >
            {isExpired ? "Remove it" : "Revoke it"}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {revoke.isError ? <ErrorNotice error={revoke.error} /> : null}
        <p>
          {isExpired
            ? "It has expired and signs nobody in. Removing it takes it off the list; the audit log keeps its name."
            : "Programs that use it are refused at once. Nothing brings it back; another one can be made."}
        </p>
      </div>
    </Dialog>
  );
}
