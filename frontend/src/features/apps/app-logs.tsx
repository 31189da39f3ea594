"use client";

import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import type { App } from "@/lib/api";
import { useAppLogs } from "./queries";

/** The last lines of an app, for whom they are meant. */
export function AppLogs({ app }: { app: App }) {
  const forbidden = useMay()("operator");
  const logs = useAppLogs(app.id, forbidden === null);
  if (forbidden !== null) return <Notice kind="plain" title={forbidden} />;
  if (logs.isPending) return <Loading what="the log" />;
  if (logs.isError) return <ErrorNotice error={logs.error} />;
  return (
    <pre
      tabIndex={0}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      className="h-full min-h-80 overflow-auto rounded-md border bg-inset p-2 font-mono text-xs leading-5 break-all whitespace-pre-wrap"
    >
      {logs.data.length === 0 ? "It has logged nothing yet." : logs.data.map(({ line }) => line).join("\n")}
    </pre>
  );
}
