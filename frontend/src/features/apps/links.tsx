"use client";

import { KeyRound, Link2, RotateCw, Unlink } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { presetInWords } from "@/features/inside/words";
import { watch } from "@/features/operations/watched";
import { say, type Database, type DatabaseConnection } from "@/lib/api";
import { note } from "@/lib/note";
import { useConnections, useRotate } from "./queries";

const LinkDialog = dynamic(() => import("./link-dialog").then((module) => module.LinkDialog));
const UnlinkDialog = dynamic(() => import("./unlink-dialog").then((module) => module.UnlinkDialog));
const LinkCredentials = dynamic(() => import("./link-credentials").then((module) => module.LinkCredentials));

type Asked = { what: "link" } | { what: "unlink" | "credentials"; connection: DatabaseConnection };

/** The apps that use a database. */
export function Links({ database }: { database: Database }) {
  const connections = useConnections(database.id);
  const forbidden = useMay()("admin");
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const notNow = database.status === "running" ? null : `It is ${database.status}; a link needs it running.`;
  return (
    <section aria-labelledby="linked-apps">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id="linked-apps" className="label-caps text-muted-foreground">
          Apps
        </h3>
        <Button size="sm" reason={forbidden ?? notNow} onClick={() => setAsked({ what: "link" })}>
          <Link2 aria-hidden /> Link an app
        </Button>
      </div>
      {connections.isPending ? <Loading what="its apps" className="py-6 text-muted-foreground" /> : null}
      {connections.isError ? <ErrorNotice className="mt-3" error={connections.error} /> : null}
      {connections.data?.length === 0 ? (
        <p className="mt-3 rounded-md border border-dashed p-4 text-muted-foreground">No app uses it yet.</p>
      ) : null}
      {connections.data && connections.data.length > 0 ? (
        <ul aria-labelledby="linked-apps" className="mt-3 divide-y rounded-md border bg-card">
          {connections.data.map((connection) => (
            <Row
              key={connection.id}
              connection={connection}
              forbidden={forbidden ?? notNow}
              onAsk={(what) => setAsked({ what, connection })}
            />
          ))}
        </ul>
      ) : null}
      {asked?.what === "link" ? <LinkDialog database={database} onClose={close} /> : null}
      {asked?.what === "unlink" ? <UnlinkDialog connection={asked.connection} onClose={close} /> : null}
      {asked?.what === "credentials" ? (
        <LinkCredentials connection={asked.connection} onClose={close} />
      ) : null}
    </section>
  );
}

interface RowProps {
  connection: DatabaseConnection;
  forbidden: string | null;
  onAsk: (what: "unlink" | "credentials") => void;
}

const STATES: Record<DatabaseConnection["state"], string | null> = {
  pending: "being linked",
  active: null,
  removing: "being unlinked",
  orphaned: "its container is gone",
};

function Row({ connection, forbidden, onAsk }: RowProps) {
  const rotate = useRotate();
  const {
    container_id,
    container_name: app,
    database_name,
    username,
    preset,
    network,
    created_at,
  } = connection;
  const state = STATES[connection.state];
  const change = () =>
    rotate.mutate(connection, {
      onSuccess: ({ operation }) => watch(operation.id, app),
      onError: (error) => {
        const { title, detail } = say(error);
        note("error", title, { description: detail });
      },
    });
  return (
    <li data-link={app} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2.5">
      <div className="min-w-40 flex-1">
        <p className="truncate font-mono font-medium" title={app}>
          <Link
            href={`/container-manager/?tab=containers&app=${container_id}`}
            className="text-accent underline-offset-4 hover:underline"
          >
            {app}
          </Link>
        </p>
        <p className="text-[0.8125rem] break-words text-muted-foreground">
          {username} {presetInWords(preset)} {database_name} · linked <Moment at={created_at} />
          {network === "own" ? " · on a network of their own" : ""}
          {state === null ? "" : ` · ${state}`}
        </p>
      </div>
      <div className="flex flex-wrap gap-1">
        <Button
          size="sm"
          variant="ghost"
          reason={forbidden}
          aria-label={`Show how ${app} signs in`}
          onClick={() => onAsk("credentials")}
        >
          <KeyRound aria-hidden /> Login
        </Button>
        <Button
          size="sm"
          variant="ghost"
          reason={forbidden ?? state}
          isBusy={rotate.isPending}
          aria-label={`Give ${app} a new password`}
          onClick={change}
        >
          <RotateCw aria-hidden /> New password
        </Button>
        <Button
          size="sm"
          variant="ghost"
          reason={forbidden}
          aria-label={`Unlink ${app}`}
          onClick={() => onAsk("unlink")}
        >
          <Unlink aria-hidden /> Unlink
        </Button>
      </div>
    </li>
  );
}
