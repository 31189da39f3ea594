"use client";

import { Play, RotateCw, Square } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { CloseButton, Sheet } from "@/components/ui/dialog";
import { Moment } from "@/components/ui/moment";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { Logs } from "@/features/databases/details/logs";
import { StatusWord } from "@/features/databases/status-mark";
import { address } from "@/features/databases/status";
import type { App } from "@/lib/api";
import { bytes } from "@/lib/format";
import { useQueryState } from "@/lib/use-query-state";
import { useAppAct } from "./act";
import { DeleteApp } from "./delete-app";
import { useApps, type AppVerb } from "./queries";
import { shownApp } from "./status";

type View = "overview" | "logs" | "settings";

const VIEWS: readonly { value: View; name: string }[] = [
  { value: "overview", name: "Overview" },
  { value: "logs", name: "Logs" },
  { value: "settings", name: "Settings" },
];

const VERBS: readonly { verb: AppVerb; name: string; icon: typeof Play }[] = [
  { verb: "start", name: "Start", icon: Play },
  { verb: "stop", name: "Stop", icon: Square },
  { verb: "restart", name: "Restart", icon: RotateCw },
];

export function AppSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const apps = useApps();
  const app = apps.data?.find((one) => one.id === id);
  return (
    <Sheet isOpen onClose={onClose} label={app?.name ?? "Container"}>
      {app ? (
        <Details app={app} />
      ) : (
        <div className="grid gap-4 p-5">
          <div className="justify-self-end">
            <CloseButton />
          </div>
          {apps.isPending ? <Loading what="the container" /> : null}
          {apps.isError ? <ErrorNotice error={apps.error} /> : null}
          {apps.data ? (
            <Notice kind="plain" title="There is no such container">
              It may have been deleted.
            </Notice>
          ) : null}
        </div>
      )}
    </Sheet>
  );
}

function Details({ app }: { app: App }) {
  const [query, setQuery] = useQueryState();
  const view = VIEWS.find(({ value }) => value === query.get("view"))?.value ?? "overview";
  const { act, reasonFor, isBusy } = useAppAct(app);
  return (
    <>
      <header className="flex items-start gap-3 px-5 pt-5 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-mono text-lg font-medium" title={app.name} aria-hidden>
            {app.name}
          </h2>
          <p className="truncate font-mono text-xs text-muted-foreground" title={app.image}>
            {app.image}
          </p>
        </div>
        <CloseButton />
      </header>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 pb-3">
        <StatusWord {...shownApp(app)} reason={app.status_reason} className="flex-1" />
        <div className="flex flex-wrap gap-2">
          {VERBS.filter(({ verb }) => verb !== (app.container_state === "running" ? "start" : "restart")).map(
            ({ verb, name, icon: Icon }) => (
              <Button key={verb} size="sm" reason={reasonFor(verb)} isBusy={isBusy} onClick={() => act(verb)}>
                <Icon aria-hidden /> {name}
              </Button>
            ),
          )}
        </div>
      </div>
      <Tabs
        label="Parts of the container"
        value={view}
        onChange={(next) => setQuery({ view: next === "overview" ? null : next }, "replace")}
        tabs={VIEWS}
        className="flex min-h-0 flex-1 flex-col [&>div:first-child]:px-2"
      >
        <TabPanel value={view} className="min-h-0 flex-1 overflow-y-auto p-5">
          {view === "overview" ? <Overview app={app} /> : null}
          {view === "logs" ? <Logs of={`/api/containers/${app.id}`} name={app.name} /> : null}
          {view === "settings" ? <DeleteApp app={app} /> : null}
        </TabPanel>
      </Tabs>
    </>
  );
}

function Overview({ app }: { app: App }) {
  const facts: [string, ReactNode][] = [
    ["Container", <Code key="c">{app.container_name}</Code>],
    [
      "Ports",
      app.ports.length === 0 ? (
        "none on the host"
      ) : (
        <Code key="p">
          {app.ports
            .map((port) => `${address(port.bind_address, port.host_port)} → ${port.container_port}`)
            .join(", ")}
        </Code>
      ),
    ],
    [
      "Volumes",
      app.volumes.length === 0 ? (
        "none"
      ) : (
        <Code key="v">{app.volumes.map(({ name, path }) => `${name} on ${path}`).join(", ")}</Code>
      ),
    ],
    ["Own variables", app.env_names.length === 0 ? "none" : <Code key="e">{app.env_names.join(", ")}</Code>],
    ["Memory", app.memory_bytes === null ? "no limit" : bytes(app.memory_bytes)],
    ["Made", <Moment key="m" at={app.created_at} />],
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {app.status_reason ? (
        <Notice kind={app.status === "error" ? "bad" : "plain"} title={`Why it is ${shownApp(app).word}`}>
          {app.status_reason}
        </Notice>
      ) : null}
      <section aria-labelledby="uses">
        <h3 id="uses" className="label-caps text-muted-foreground">
          Databases
        </h3>
        {app.external ? (
          <p className="mt-2.5 rounded-md border bg-card px-3.5 py-2.5 break-words">
            One that somebody else runs, at{" "}
            <code className="font-mono break-all">{address(app.external.host, app.external.port)}</code>
            {app.external.username ? `, as ${app.external.username}` : ""}
          </p>
        ) : null}
        {app.connections.length === 0 ? (
          app.external ? null : (
            <p className="mt-2.5 text-muted-foreground">It uses none.</p>
          )
        ) : (
          <ul className="mt-2.5 divide-y rounded-md border bg-card">
            {app.connections.map((link) => (
              <li key={link.id} className="px-3.5 py-2.5">
                <Link
                  href={`/container-manager/?tab=databases&db=${link.database_id}&view=connections`}
                  className="font-mono font-medium break-all text-accent underline-offset-4 hover:underline"
                >
                  {link.database_name}
                </Link>
                <p className="text-[0.8125rem] text-muted-foreground">
                  as {link.username}, {link.delivery === "env" ? "by variables" : "by files"}
                  {link.env_prefix ? ` that begin with ${link.env_prefix}_` : ""}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="app-facts">
        <h3 id="app-facts" className="label-caps text-muted-foreground">
          Facts
        </h3>
        <dl className="mt-2.5 grid grid-cols-[8rem_minmax(0,1fr)] gap-y-2 text-[0.8125rem]">
          {facts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted-foreground">{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="font-mono break-all">{children}</code>;
}
