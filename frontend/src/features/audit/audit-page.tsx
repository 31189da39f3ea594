"use client";

import { Button } from "@/components/ui/button";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import type { AuditEntry } from "@/lib/api";
import { cn } from "@/lib/cn";
import { exact } from "@/lib/format";
import { useAudit } from "./queries";

export function AuditPage() {
  const forbidden = useMay()("admin");
  const audit = useAudit(forbidden === null);
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h1 className="text-xl font-semibold">Audit log</h1>
      <p className="text-muted-foreground">Who did what, and from where. Nobody can change it here.</p>
      {forbidden !== null ? <Notice kind="plain" className="mt-5" title={forbidden} /> : null}
      {audit.isLoading ? <Loading what="the log" /> : null}
      {audit.isError ? <ErrorNotice className="mt-5" error={audit.error} /> : null}
      {entries.length > 0 ? (
        <div
          className="mt-5 overflow-x-auto rounded-md border bg-card"
          tabIndex={0}
          role="region"
          aria-label="Audit log"
        >
          <table className="w-full text-left text-[0.8125rem]">
            <thead className="label-caps text-muted-foreground">
              <tr className="border-b">
                {["When", "Who", "What", "To what", "From"].map((name) => (
                  <th
                    key={name}
                    className={cn("px-2.5 py-2.5 font-medium sm:px-4", name === "From" && "max-sm:hidden")}
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {audit.hasNextPage ? (
        <Button className="mt-4" isBusy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Show older entries
        </Button>
      ) : null}
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const isBad = entry.action === "login_failed" || entry.outcome !== "done";
  return (
    <tr className={isBad ? "text-bad" : undefined}>
      <td className="px-2.5 py-2 sm:px-4 sm:whitespace-nowrap">
        <time dateTime={entry.at}>{exact(entry.at)}</time>
      </td>
      <td className="px-2.5 py-2 font-mono wrap-anywhere sm:px-4">
        {entry.username ?? "Stardeck"}
        {/* On a telephone there is no room for a column of its own. */}
        <span className="block text-xs wrap-normal text-muted-foreground sm:hidden">
          {entry.remote_address ?? ""}
        </span>
      </td>
      <td className="px-2.5 py-2 sm:px-4 sm:whitespace-nowrap">
        {entry.action.replaceAll("_", " ")}
        {entry.outcome === "done" ? null : <span className="block">{entry.outcome}</span>}
      </td>
      <td className="px-2.5 py-2 font-mono wrap-anywhere sm:min-w-48 sm:px-4">
        {entry.target_name ?? entry.target_id ?? ""}
        {entry.detail ? <span className="block font-sans text-muted-foreground">{entry.detail}</span> : null}
      </td>
      <td className="px-4 py-2 font-mono whitespace-nowrap text-muted-foreground max-sm:hidden">
        {entry.remote_address ?? ""}
      </td>
    </tr>
  );
}
