"use client";

import { Ellipsis } from "lucide-react";
import dynamic from "next/dynamic";
import { memo } from "react";
import { Button } from "@/components/ui/button";
import { MenuButton } from "@/components/ui/menu-button";
import { EngineMark } from "@/features/engines/engine-mark";
import { useEngine } from "@/features/engines/queries";
import { atWork } from "@/features/operations/frames";
import { Bar } from "@/components/ui/bar";
import { useOperation, useOperationAtWork } from "@/features/operations/queries";
import { stepInWords } from "@/features/operations/words";
import type { Database } from "@/lib/api";
import { cn } from "@/lib/cn";
import { count, span } from "@/lib/format";
import { useNear } from "@/lib/use-near";
import { useNow } from "@/lib/use-now";
import { AddressRow } from "./address-row";
import { externalAddress, internalAddress, isChanging, reasonOf, shown } from "./status";
import { StatusMark } from "./status-mark";

const DatabaseMenu = dynamic(() => import("./database-menu").then((module) => module.DatabaseMenu));

interface DatabaseCardProps {
  database: Database;
  /** Whether it is on the screen from the beginning. */
  isFirst: boolean;
  onOpen: (id: string) => void;
}

/** One database: where it is, and whether it is well. The whole card opens the details. */
export const DatabaseCard = memo(function DatabaseCard({ database, isFirst, onOpen }: DatabaseCardProps) {
  const [card, isNear] = useNear<HTMLDivElement>(isFirst);
  const { mood } = shown(database);
  return (
    <div
      ref={card}
      role="listitem"
      data-database={database.name}
      className={cn(
        "lazy-card group relative flex min-w-0 flex-col rounded-md border bg-card p-4 focus-within:border-accent hover:border-border-strong",
        mood === "gone" && "border-dashed",
        mood === "bad" && "border-bad/50",
      )}
    >
      {isNear ? (
        <Content database={database} onOpen={onOpen} />
      ) : (
        <Name database={database} onOpen={onOpen} />
      )}
    </div>
  );
});

type PartProps = Omit<DatabaseCardProps, "isFirst">;

/** Its name, which opens the details. Of a card that is far from the screen it is all that is there. */
function Name({ database, onOpen }: PartProps) {
  return (
    <h3 className="truncate font-mono font-medium" title={database.name}>
      <button
        type="button"
        className="max-w-full truncate text-left outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
        onClick={() => onOpen(database.id)}
      >
        {database.name}
      </button>
    </h3>
  );
}

function Content({ database, onOpen }: PartProps) {
  const reason = reasonOf(database);
  return (
    <>
      <div className="flex items-start gap-3">
        <EngineMark type={database.type} />
        <div className="min-w-0 flex-1">
          <Name database={database} onOpen={onOpen} />
          <EngineLine database={database} />
        </div>
        <StatusMark database={database} className="mt-0.5" />
      </div>
      <div className="mt-3 flex min-h-14 flex-1 flex-col justify-end">
        {reason && !isChanging(database) ? (
          <p className="mb-1.5 line-clamp-2 text-[0.8125rem] text-bad" title={reason}>
            {reason}
          </p>
        ) : null}
        {isChanging(database) ? <Working database={database} /> : null}
        <AddressRow label="Internal" value={internalAddress(database)} />
        <AddressRow label="External" value={externalAddress(database)} absent="not reachable from outside" />
      </div>
      <div className="mt-2 flex items-center gap-2 border-t pt-2.5 text-[0.8125rem]">
        <span className="rounded-sm border px-1.5 py-0.5 text-xs text-muted-foreground">
          {database.is_shared ? "Shared" : "Dedicated"}
        </span>
        {database.origin === "adopted" ? (
          <span className="rounded-sm border px-1.5 py-0.5 text-xs text-muted-foreground">Adopted</span>
        ) : null}
        <span className="flex-1 text-muted-foreground">{count(database.connection_count, "app")}</span>
        <MenuButton
          menu={DatabaseMenu}
          props={{ database, onOpen }}
          button={(changes) => (
            <Button
              {...changes}
              variant="ghost"
              size="icon"
              className="relative z-10 -my-1"
              aria-label={`What to do with ${database.name}`}
            >
              <Ellipsis aria-hidden />
            </Button>
          )}
        />
      </div>
    </>
  );
}

/** The engine and its version, as precisely as it is known. */
export function EngineLine({ database }: { database: Database }) {
  const engine = useEngine(database.type);
  const version = database.server_version ?? database.version;
  const name = `${engine?.display_name ?? database.type} ${version}`;
  return (
    <p className="truncate text-[0.8125rem] text-muted-foreground" title={`${name}, image ${database.image}`}>
      {name}
      {database.flavor ? ` · ${database.flavor}` : ""}
    </p>
  );
}

/** How far the operation on it is. */
function Working({ database }: { database: Database }) {
  const { data: operation } = useOperationAtWork(database.id, true);
  const { followed } = useOperation(operation?.id ?? null);
  const now = useNow();
  const work = followed ? atWork(followed) : null;
  if (followed === null || work === null) return null;
  const since = work.step.started_at ?? followed.createdAt;
  const { progress } = followed;
  const inStep =
    work.step.name === "image" && progress && progress.total > 0 ? progress.current / progress.total : 0.5;
  return (
    <div className="mb-2 grid gap-1.5">
      <p className="flex justify-between gap-2 text-[0.8125rem] text-warn">
        <span className="truncate">
          {work.number}/{work.of} {stepInWords(work.step.name)}
        </span>
        <span className="font-mono">{span(now - Date.parse(since))}</span>
      </p>
      <Bar share={(work.number - 1 + inStep) / work.of} label={`Progress of ${database.name}`} />
    </div>
  );
}
