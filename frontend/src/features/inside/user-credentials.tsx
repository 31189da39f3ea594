"use client";

import { Eye } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import type { Database } from "@/lib/api";
import { useRevealUser } from "./queries";

interface UserCredentialsProps {
  database: Database;
  name: string;
  onClose: () => void;
}

/** How a user signs in. The password is asked for by a press only, since that is written down. */
export function UserCredentials({ database, name, onClose }: UserCredentialsProps) {
  const reveal = useRevealUser(database.id);
  const shown = reveal.data;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Login of ${name}`}
      description="Looking at it is written into the audit log."
      className="sm:w-[min(94vw,34rem)]"
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {reveal.isError ? <ErrorNotice error={reveal.error} /> : null}
        {shown ? (
          <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-start gap-y-3 text-[0.8125rem]">
            <Line term="Database" text={shown.database_name} what="the database's name" />
            <Line term="Password" text={shown.password} what="the password" />
            <Line term="URL" text={shown.internal_url} what="the URL" />
          </dl>
        ) : (
          <Button
            className="justify-self-start"
            isBusy={reveal.isPending}
            onClick={() => reveal.mutate(name)}
          >
            <Eye aria-hidden /> Show the password
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Line({ term, text, what }: { term: string; text: string; what: string }) {
  return (
    <>
      <dt className="pt-1 text-muted-foreground">{term}</dt>
      <dd className="flex min-w-0 items-start gap-2">
        <code className="min-w-0 flex-1 pt-1 font-mono break-all">{text}</code>
        <CopyButton what={what} text={text} />
      </dd>
    </>
  );
}
