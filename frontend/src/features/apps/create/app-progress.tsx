"use client";

import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { Failure } from "@/features/databases/create/deploy-step";
import { isFinal } from "@/features/operations/frames";
import { ProgressView } from "@/features/operations/progress-view";
import { useCancelOperation, useOperation } from "@/features/operations/queries";
import { unwatch, watch } from "@/features/operations/watched";
import type { App } from "@/lib/api";
import { span } from "@/lib/format";
import { useNow } from "@/lib/use-now";

interface AppProgressProps {
  app: App;
  operationId: string;
  onBack: () => void;
}

/** The deployment of an app, from its first step to its end. */
export function AppProgress({ app, operationId, onBack }: AppProgressProps) {
  const router = useRouter();
  const { followed, socket, error } = useOperation(operationId);
  const cancel = useCancelOperation();
  const isOver = followed !== null && isFinal(followed.state);
  const now = useNow(1000, !isOver);
  // Whoever goes elsewhere is told in the corner how it ends.
  useEffect(() => {
    if (!isOver) return () => watch(operationId, app.name);
    unwatch(operationId);
  }, [isOver, operationId, app.name]);
  if (error) return <ErrorNotice error={error} />;
  if (followed === null) return <Loading what="the first step" />;
  const end = followed.finishedAt === null ? now : Date.parse(followed.finishedAt);
  const elapsed = span(end - Date.parse(followed.createdAt));
  const isCancelling = cancel.isPending || followed.isCancelRequested || followed.state === "undoing";
  return (
    <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="truncate text-xl font-semibold">Deploying {app.name}</h1>
      <p role="status" className="sr-only">
        {followed.state}
      </p>
      {followed.state === "succeeded" ? (
        <p className="flex items-center gap-3 font-medium">
          <CircleCheck className="size-6 text-accent" aria-hidden />
          {app.name} runs, after {elapsed}.
        </p>
      ) : (
        <p className="text-muted-foreground">
          {followed.state === "undoing" ? "Taking everything back" : isOver ? "Ended" : "At work"}, {elapsed}
        </p>
      )}
      {socket === "waiting" && !isOver ? (
        <Notice kind="warn" title="The connection is lost">
          Connecting again. The deployment goes on without this page.
        </Notice>
      ) : null}
      {followed.error ? (
        <Failure
          problem={followed.error}
          undone={followed.undone}
          log={followed.log.map((line) => line.text)}
        />
      ) : null}
      {followed.state === "cancelled" ? (
        <Notice kind="plain" title="Cancelled. Everything was taken back." />
      ) : null}
      {cancel.isError ? <ErrorNotice error={cancel.error} /> : null}
      <div className="rounded-md border p-2">
        <ProgressView followed={followed} />
      </div>
      <div className="flex flex-wrap gap-2">
        {followed.state === "succeeded" ? (
          <Button
            variant="primary"
            onClick={() => router.push(`/container-manager/?tab=containers&app=${app.id}`)}
          >
            Open
          </Button>
        ) : isOver ? (
          <Button variant="primary" onClick={onBack}>
            Back to the form
          </Button>
        ) : (
          <Button isBusy={isCancelling} onClick={() => cancel.mutate(operationId)}>
            {isCancelling ? "Taking it back" : "Cancel the deployment"}
          </Button>
        )}
      </div>
    </div>
  );
}
