"use client";

import type { ReactNode } from "react";
import { Moment } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import type { Database } from "@/lib/api";
import { address, externalAddress, internalAddress, isChanging, reasonOf, shown } from "../status";
import { AddressRow } from "../address-row";
import { ConnectionStrings } from "./connection-strings";
import { Usage } from "./usage";

export function Overview({ database }: { database: Database }) {
  const reason = reasonOf(database);
  const { mood } = shown(database);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {reason && !isChanging(database) ? (
        <Notice
          kind={mood === "bad" || mood === "gone" ? "bad" : "plain"}
          title={`Why it is ${shown(database).word}`}
        >
          {reason}
        </Notice>
      ) : null}
      <section aria-label="Addresses">
        <AddressRow label="Internal" value={internalAddress(database)} />
        <AddressRow label="External" value={externalAddress(database)} absent="not reachable from outside" />
      </section>
      <Usage database={database} />
      <ConnectionStrings id={database.id} type={database.type} />
      <Facts database={database} />
    </div>
  );
}

function Facts({ database }: { database: Database }) {
  const { external_port: port, bind_address: bound } = database;
  const facts: [string, ReactNode][] = [
    ["Container", database.container_id ? <Code key="c">{database.container_id.slice(0, 12)}</Code> : "none"],
    ["Image", <Code key="i">{database.image}</Code>],
    ["Network", <Code key="n">{database.network}</Code>],
    ["Port on the host", port === null ? "none" : <Code key="p">{address(bound, port)}</Code>],
    ["Server says", database.server_version ? <Code key="v">{database.server_version}</Code> : "nothing yet"],
    ["Last answer", database.last_answer_at ? <Moment key="a" at={database.last_answer_at} /> : "none yet"],
    ["Made", <Moment key="m" at={database.created_at} />],
  ];
  return (
    <section aria-labelledby="facts">
      <h3 id="facts" className="label-caps text-muted-foreground">
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
      {database.description ? (
        <p className="mt-4 rounded-md border bg-card p-3 break-words">{database.description}</p>
      ) : null}
    </section>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="font-mono break-all">{children}</code>;
}
