"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { StatusWord } from "@/features/databases/status-mark";
import type { App } from "@/lib/api";
import { useQueryState } from "@/lib/use-query-state";
import { useApps } from "./queries";
import { shownApp } from "./status";

const AppSheet = dynamic(() => import("./app-sheet").then((module) => module.AppSheet));

/** The apps that were deployed from here, with the databases they use. */
export function ContainersTab() {
  const apps = useApps();
  const forbidden = useMay()("admin");
  const router = useRouter();
  const [query, setQuery] = useQueryState();
  const openId = query.get("app");
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">Containers</h1>
          <p className="text-muted-foreground">Apps that were deployed from here, and their databases.</p>
        </div>
        <Button variant="primary" reason={forbidden} onClick={() => router.push("/container-create/")}>
          <Plus aria-hidden /> New container
        </Button>
      </div>
      {apps.isPending ? <Loading what="containers" /> : null}
      {apps.isError ? (
        <ErrorNotice
          className="mt-5"
          error={apps.error}
          action={<Button onClick={() => void apps.refetch()}>Try again</Button>}
        />
      ) : null}
      {apps.data?.length === 0 ? (
        <p className="mt-8 rounded-md border border-dashed p-8 text-center text-muted-foreground">
          No app was deployed from here yet.
        </p>
      ) : null}
      {apps.data && apps.data.length > 0 ? (
        <ul className="mt-5 divide-y rounded-md border bg-card" aria-label="Containers">
          {apps.data.map((app) => (
            <AppRow key={app.id} app={app} onOpen={() => setQuery({ app: app.id })} />
          ))}
        </ul>
      ) : null}
      {openId !== null ? (
        <AppSheet key={openId} id={openId} onClose={() => setQuery({ app: null, view: null })} />
      ) : null}
    </>
  );
}

function AppRow({ app, onOpen }: { app: App; onOpen: () => void }) {
  return (
    <li
      data-app={app.name}
      className="relative grid gap-x-4 gap-y-1 px-4 py-3 focus-within:bg-accent-soft hover:bg-accent-soft sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_auto] sm:items-center"
    >
      <div className="min-w-0">
        <h2 className="truncate font-mono font-medium" title={app.name}>
          <button
            type="button"
            className="max-w-full truncate text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent"
            onClick={onOpen}
          >
            {app.name}
          </button>
        </h2>
        <p className="truncate font-mono text-xs text-muted-foreground" title={app.image}>
          {app.image}
        </p>
      </div>
      <p className="min-w-0 text-[0.8125rem] break-words text-muted-foreground">
        {app.connections.length === 0
          ? "uses no database"
          : app.connections.map(({ id, database_id, database_name }) => (
              <Link
                key={id}
                href={`/container-manager/?tab=databases&db=${database_id}&view=connections`}
                className="relative z-10 mr-3 font-mono text-accent underline-offset-4 hover:underline"
              >
                {database_name}
              </Link>
            ))}
      </p>
      <StatusWord {...shownApp(app)} reason={app.status_reason} />
    </li>
  );
}
