import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { say, type Said } from "@/lib/api";
import { cn } from "@/lib/cn";

const KINDS = {
  bad: { icon: CircleAlert, box: "border-bad/50 bg-bad-soft", mark: "text-bad" },
  warn: { icon: TriangleAlert, box: "border-warn/50 bg-warn-soft", mark: "text-warn" },
  good: { icon: CircleCheck, box: "border-accent/50 bg-accent-soft", mark: "text-accent" },
  plain: { icon: Info, box: "border-border bg-card", mark: "text-accent" },
} as const;

interface NoticeProps {
  kind: keyof typeof KINDS;
  title?: ReactNode;
  action?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** Something to know, where it matters. */
export function Notice({ kind, title, action, className, children }: NoticeProps) {
  const { icon: Icon, box, mark } = KINDS[kind];
  return (
    <div
      role={kind === "bad" ? "alert" : "note"}
      className={cn("flex gap-3 rounded-md border px-3.5 py-3", box, className)}
    >
      <Icon className={cn("mt-0.5 size-4 shrink-0", mark)} aria-hidden />
      <div className="grid min-w-0 flex-1 gap-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="text-[0.8125rem] break-words">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}

/** An error, in the server's words. */
export function ErrorNotice({
  error,
  said,
  action,
  className,
}: {
  error?: unknown;
  said?: Said;
  action?: ReactNode;
  className?: string;
}) {
  const { title, detail, requestId } = said ?? say(error);
  return (
    <Notice kind="bad" title={title} action={action} className={className}>
      <p>{detail}</p>
      {requestId ? (
        <p className="mt-1 font-mono text-xs text-muted-foreground select-all">request {requestId}</p>
      ) : null}
    </Notice>
  );
}
