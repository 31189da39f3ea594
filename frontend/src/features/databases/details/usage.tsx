"use client";

import type { ReactNode } from "react";
import { Chart } from "@/components/ui/chart";
import type { Database, ContainerStats } from "@/lib/api";
import { say } from "@/lib/api";
import { bytes, span } from "@/lib/format";
import { useStats } from "../queries";
import { bySecond, rates } from "./samples";

/** What is drawn, in seconds. */
const SHOWN = 120;

/** What it uses at this moment, and since the page looks at it. */
export function Usage({ database }: { database: Database }) {
  const isOn = database.status === "running" || database.status === "paused";
  const { data: samples = [], error } = useStats(database.id, isOn);
  const last = samples.at(-1);
  if (!isOn) return null;
  return (
    <section aria-labelledby="usage">
      <h3 id="usage" className="label-caps flex flex-wrap justify-between gap-x-3 text-muted-foreground">
        Usage
        <span className="font-sans text-xs tracking-normal normal-case">
          {last === undefined ? "" : `each second, the last ${shownSpan(samples)}`}
        </span>
      </h3>
      {error ? <p className="mt-2 text-[0.8125rem] text-muted-foreground">{say(error).detail}</p> : null}
      <div className="mt-2.5 grid gap-3 sm:grid-cols-2">
        <Cell
          name="Processor"
          now={last?.cpu_cores == null ? "…" : cores(last.cpu_cores)}
          of={limitOf(database)}
        >
          <Chart
            label="Processor over time"
            length={SHOWN}
            most={database.settings.cpus}
            values={bySecond(samples, SHOWN, (sample) => sample.cpu_cores)}
          />
        </Cell>
        <Cell
          name="Memory"
          now={last?.memory_bytes == null ? "…" : bytes(last.memory_bytes)}
          of={last?.memory_limit_bytes == null ? "" : `of ${bytes(last.memory_limit_bytes)}`}
        >
          <Chart
            label="Memory over time"
            length={SHOWN}
            most={database.settings.memory_bytes}
            values={bySecond(samples, SHOWN, (sample) => sample.memory_bytes)}
          />
        </Cell>
        <Cell
          name="Network"
          now={last?.network_received_bytes == null ? "…" : perSecond(samples, netOf)}
          of="received and sent"
        >
          <Chart label="Network over time" length={SHOWN} values={rates(bySecond(samples, SHOWN, netOf))} />
        </Cell>
        <Cell
          name="Disk"
          now={last?.disk_bytes == null ? "not measured yet" : bytes(last.disk_bytes)}
          of={last?.disk_bytes == null ? "" : "in its volumes; below, reads and writes"}
        >
          <Chart
            label="Reads and writes over time"
            length={SHOWN}
            values={rates(bySecond(samples, SHOWN, diskOf))}
          />
        </Cell>
      </div>
    </section>
  );
}

interface CellProps {
  name: string;
  now: string;
  of: string;
  children: ReactNode;
}

function Cell({ name, now, of, children }: CellProps) {
  return (
    <div className="min-w-0 rounded-md border bg-card">
      <p className="flex flex-wrap items-baseline gap-x-2 px-3 pt-2.5 text-[0.8125rem]">
        <span className="text-muted-foreground">{name}</span>
        <span className="font-mono font-medium">{now}</span>
        <span className="text-xs text-muted-foreground">{of}</span>
      </p>
      {children}
    </div>
  );
}

const sum = (one: number | null, other: number | null) =>
  one === null && other === null ? null : (one ?? 0) + (other ?? 0);
const netOf = (sample: ContainerStats) => sum(sample.network_received_bytes, sample.network_sent_bytes);
const diskOf = (sample: ContainerStats) => sum(sample.block_read_bytes, sample.block_written_bytes);

function perSecond(samples: readonly ContainerStats[], pick: typeof netOf): string {
  const rate = rates(bySecond(samples.slice(-5), 5, pick)).at(-1);
  return rate === null || rate === undefined ? "…" : `${bytes(rate)}/s`;
}

function cores(value: number): string {
  return value < 0.1 ? `${(value * 100).toFixed(1)} % of a core` : `${value.toFixed(2)} cores`;
}

function limitOf({ settings }: Database): string {
  return settings.cpus === null ? "" : `of ${settings.cpus}`;
}

function shownSpan(samples: readonly ContainerStats[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return "";
  return span(Math.min(SHOWN * 1000, Date.parse(last.sampled_at) - Date.parse(first.sampled_at)));
}
