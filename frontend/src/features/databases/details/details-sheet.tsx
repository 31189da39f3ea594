"use client";

import dynamic from "next/dynamic";
import { Button } from "@/components/ui/button";
import { CloseButton, Sheet } from "@/components/ui/dialog";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { EngineMark } from "@/features/engines/engine-mark";
import { isFinal } from "@/features/operations/frames";
import { ProgressView } from "@/features/operations/progress-view";
import { useOperation, useOperationAtWork } from "@/features/operations/queries";
import { kindInWords } from "@/features/operations/words";
import { codeOf, type Database } from "@/lib/api";
import { ago } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useQueryState } from "@/lib/use-query-state";
import { EngineLine } from "../database-card";
import { useAct, VERBS } from "../act";
import { useDatabase } from "../queries";
import { isChanging } from "../status";
import { StatusMark } from "../status-mark";
import { Overview } from "./overview";

const Logs = dynamic(() => import("./logs").then((module) => module.Logs), {
  loading: () => <Loading what="the log" />,
});
const Settings = dynamic(() => import("./settings").then((module) => module.Settings));
const Connections = dynamic(() => import("./connections").then((module) => module.Connections));

type View = "overview" | "connections" | "logs" | "settings";

const VIEWS: readonly { value: View; name: string }[] = [
  { value: "overview", name: "Overview" },
  { value: "connections", name: "Connections" },
  { value: "logs", name: "Logs" },
  { value: "settings", name: "Settings" },
];

export function DetailsSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const database = useDatabase(id);
  const name = database.data?.name ?? "Database";
  return (
    <Sheet isOpen onClose={onClose} label={name}>
      {database.data ? (
        <Details database={database.data} />
      ) : (
        <div className="grid gap-4 p-5">
          <div className="justify-self-end">
            <CloseButton />
          </div>
          {database.isPending ? <Loading what="the database" /> : null}
          {codeOf(database.error) === "not_found" ? (
            <Notice kind="plain" title="There is no such database">
              It may have been deleted.
            </Notice>
          ) : database.isError ? (
            <ErrorNotice error={database.error} />
          ) : null}
        </div>
      )}
    </Sheet>
  );
}

function Details({ database }: { database: Database }) {
  const [query, setQuery] = useQueryState();
  const asked = query.get("view");
  const view = VIEWS.find(({ value }) => value === asked)?.value ?? "overview";
  return (
    <>
      <header className="flex items-start gap-3 px-5 pt-5 pb-3">
        <EngineMark type={database.type} className="size-11 text-base" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-mono text-lg font-medium" title={database.name} aria-hidden>
            {database.name}
          </h2>
          <EngineLine database={database} />
        </div>
        <CloseButton />
      </header>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 pb-3">
        <StateSentence database={database} />
        <Actions database={database} />
      </div>
      <Tabs
        label="Parts of the database"
        value={view}
        onChange={(next) => setQuery({ view: next === "overview" ? null : next }, "replace")}
        tabs={VIEWS}
        className="flex min-h-0 flex-1 flex-col [&>div:first-child]:px-2"
      >
        <TabPanel value={view} className="min-h-0 flex-1 overflow-y-auto p-5">
          {isChanging(database) ? <Working database={database} /> : null}
          {view === "overview" ? <Overview database={database} /> : null}
          {view === "connections" ? <Connections database={database} /> : null}
          {view === "logs" ? <Logs of={`/api/databases/${database.id}`} name={database.name} /> : null}
          {view === "settings" ? <Settings database={database} /> : null}
        </TabPanel>
      </Tabs>
    </>
  );
}

/** `running, answered 2 s ago in 3 ms` */
function StateSentence({ database }: { database: Database }) {
  const now = useNow();
  const answered = database.status === "running" ? database.last_answer_at : null;
  return (
    <p className="flex min-w-0 flex-1 items-center gap-1.5 max-sm:basis-full text-[0.8125rem] text-muted-foreground">
      <StatusMark database={database} />
      {answered ? (
        <span className="truncate">
          answered {ago(answered, now)}
          {database.latency_ms === null ? "" : ` in ${database.latency_ms} ms`}
        </span>
      ) : null}
    </p>
  );
}

function Actions({ database }: { database: Database }) {
  const { act, reasonFor, isBusy } = useAct(database);
  return (
    <div className="flex flex-wrap gap-2">
      {VERBS.filter(({ verb }) => verb !== (database.status === "running" ? "start" : "restart")).map(
        ({ verb, name, icon: Icon }) => (
          <Button key={verb} size="sm" reason={reasonFor(verb)} isBusy={isBusy} onClick={() => act(verb)}>
            <Icon aria-hidden /> {name}
          </Button>
        ),
      )}
    </div>
  );
}

/** The operation at work on it, step by step. */
function Working({ database }: { database: Database }) {
  const { data: operation } = useOperationAtWork(database.id, true);
  const { followed } = useOperation(operation?.id ?? null);
  if (followed === null || isFinal(followed.state)) return null;
  return (
    <section aria-label="At work" className="mb-6 rounded-md border p-2">
      <h3 className="label-caps px-3 py-2 text-warn">
        {kindInWords(followed.kind).doing} {database.name}
      </h3>
      <ProgressView followed={followed} />
    </section>
  );
}
