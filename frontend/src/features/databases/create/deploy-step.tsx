"use client";

import { CircleCheck, PanelRightOpen } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { isFinal } from "@/features/operations/frames";
import { ProgressView } from "@/features/operations/progress-view";
import { useCancelOperation, useOperation } from "@/features/operations/queries";
import { sayProblem, type Database } from "@/lib/api";
import { span } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { ConnectionStrings } from "../details/connection-strings";

const NOTHING_LEFT = "Everything was taken back; nothing of it is left.";

interface DeployStepProps {
  operationId: string;
  database: Database;
  /** What it is when all went well. */
  doneWord?: string;
  /** What there is when all was taken back. */
  undoneText?: string;
}

/** A deployment from its first step to its end; nothing of a failure is lost. */
export function DeployStep({
  operationId,
  database,
  doneWord = "is running",
  undoneText = NOTHING_LEFT,
}: DeployStepProps) {
  const { followed, socket, error } = useOperation(operationId);
  const isOver = followed !== null && isFinal(followed.state);
  const now = useNow(1000, !isOver);
  if (error) return <ErrorNotice error={error} />;
  if (followed === null) return <Loading what="the first step" />;
  const end = followed.finishedAt === null ? now : Date.parse(followed.finishedAt);
  const elapsed = span(end - Date.parse(followed.createdAt));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p role="status" className="sr-only">
        {followed.state}
      </p>
      {followed.state === "succeeded" ? (
        <div className="flex items-center gap-3">
          <CircleCheck className="size-6 text-accent" aria-hidden />
          <p className="font-medium">
            {database.name} {doneWord} and answered a login after {elapsed}.
          </p>
        </div>
      ) : (
        <p className="text-muted-foreground">
          {followed.state === "undoing" ? "Taking everything back" : isOver ? "Ended" : "At work"}, {elapsed}
          {isOver ? "" : ". You can close this window; it goes on."}
        </p>
      )}
      {socket === "waiting" && !isOver ? (
        <Notice kind="warn" title="The connection is lost">
          Connecting again. The work goes on without this page.
        </Notice>
      ) : null}
      {followed.state === "succeeded" ? <ConnectionStrings id={database.id} type={database.type} /> : null}
      {followed.error ? (
        <Failure
          problem={followed.error}
          undone={followed.undone}
          undoneText={undoneText}
          log={followed.log.map((line) => line.text)}
        />
      ) : null}
      {followed.state === "cancelled" ? (
        <Notice kind="plain" title="Cancelled. Everything was taken back." />
      ) : null}
      <details open={followed.state !== "succeeded"}>
        <summary
          className={followed.state === "succeeded" ? "cursor-pointer text-muted-foreground" : "sr-only"}
        >
          Steps
        </summary>
        <ProgressView followed={followed} />
      </details>
    </div>
  );
}

interface FailureProps {
  problem: Parameters<typeof sayProblem>[0];
  undone: boolean | null;
  undoneText?: string;
  log: string[];
}

/** Why it failed, what became of it, and all there is to hand to somebody who knows more. */
export function Failure({ problem, undone, undoneText = NOTHING_LEFT, log }: FailureProps) {
  const { title, detail } = sayProblem(problem);
  const details = [title, detail, `code ${problem.code}`, ...(problem.log_tail ?? []), "", ...log].join("\n");
  return (
    <Notice kind="bad" title={title}>
      <p>{detail}</p>
      <p className="mt-1">{undone ? undoneText : "Not everything could be taken back."}</p>
      {problem.log_tail && problem.log_tail.length > 0 ? (
        <pre
          tabIndex={0}
          aria-label="The server's last lines"
          className="mt-2 max-h-40 overflow-auto rounded-md border bg-inset p-2 font-mono text-xs whitespace-pre-wrap"
        >
          {problem.log_tail.join("\n")}
        </pre>
      ) : null}
      <CopyButton hasWord what="the details" text={details} className="mt-2 -ml-2" />
    </Notice>
  );
}

interface DeployFooterProps {
  operationId: string;
  onBack: () => void;
  onRetry: () => void;
  onOpen: () => void;
  onClose: () => void;
}

/** What can be done while it deploys, and when it has ended. */
export function DeployFooter({ operationId, onBack, onRetry, onOpen, onClose }: DeployFooterProps) {
  const { followed } = useOperation(operationId);
  const cancel = useCancelOperation();
  if (followed?.state === "succeeded") {
    return (
      <>
        <Button onClick={onClose}>Close</Button>
        <Button variant="primary" onClick={onOpen}>
          <PanelRightOpen aria-hidden /> Open
        </Button>
      </>
    );
  }
  if (followed && isFinal(followed.state)) {
    return (
      <>
        <Button onClick={onBack}>Back</Button>
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
      </>
    );
  }
  const isCancelling =
    cancel.isPending || followed?.isCancelRequested === true || followed?.state === "undoing";
  return (
    <>
      {cancel.isError ? <ErrorNotice error={cancel.error} className="w-full" /> : null}
      <Button isBusy={isCancelling} onClick={() => cancel.mutate(operationId)}>
        {isCancelling ? "Taking it back" : "Cancel the deployment"}
      </Button>
      <Button onClick={onClose}>Close, and let it go on</Button>
    </>
  );
}
