"use client";

import { Eye } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import type { DatabaseConnection } from "@/lib/api";
import { useRevealConnection } from "./queries";

interface LinkCredentialsProps {
  connection: DatabaseConnection;
  onClose: () => void;
}

/** The variables that an app has. They are asked for by a press only, since that is written down. */
export function LinkCredentials({ connection, onClose }: LinkCredentialsProps) {
  const reveal = useRevealConnection();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Login of ${connection.container_name}`}
      description="Looking at it is written into the audit log."
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {reveal.isError ? <ErrorNotice error={reveal.error} /> : null}
        {reveal.data ? (
          <dl className="grid gap-2 text-[0.8125rem]">
            {Object.entries(reveal.data.variables).map(([name, value]) => (
              <div key={name}>
                <dt className="font-mono text-muted-foreground">{name}</dt>
                <dd className="flex items-start gap-2">
                  <code className="min-w-0 flex-1 pt-1 font-mono break-all">{value}</code>
                  <CopyButton what={name} text={value} />
                </dd>
              </div>
            ))}
          </dl>
        ) : (
          <Button
            className="justify-self-start"
            isBusy={reveal.isPending}
            onClick={() => reveal.mutate(connection)}
          >
            <Eye aria-hidden /> Show the variables
          </Button>
        )}
      </div>
    </Dialog>
  );
}
