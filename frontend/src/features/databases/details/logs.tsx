"use client";

import { ArrowDown, Download, Pause, Play } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import type { Database, LogLine } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useLogs } from "../queries";
import { asFile, levelOf, pick, type Level } from "./log-lines";

const LINES = 1000;

export function Logs({ database }: { database: Database }) {
  const [isFollowing, setFollowing] = useState(true);
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<Level>("plain");
  const logs = useLogs(database.id, LINES, isFollowing);
  const needle = useDeferredValue(search);
  const lines = useMemo(() => pick(logs.data ?? [], { search: needle, level }), [logs.data, needle, level]);
  const all = logs.data ?? [];
  const download = () => {
    const url = URL.createObjectURL(new Blob([asFile(all)], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${database.name}.log`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="flex h-full min-h-0 flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Input
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          className="min-w-32 flex-1"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Select
          aria-label="Level"
          className="w-auto"
          value={level}
          onChange={(event) => setLevel(event.target.value as Level)}
        >
          <option value="plain">All lines</option>
          <option value="warning">Warnings and errors</option>
          <option value="error">Errors</option>
        </Select>
        <Button aria-pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
          {isFollowing ? <Pause aria-hidden /> : <Play aria-hidden />}
          {isFollowing ? "Pause" : "Follow"}
        </Button>
        <Button size="icon" className="size-9" aria-label="Download the log" onClick={download}>
          <Download aria-hidden />
        </Button>
      </div>
      {logs.isError ? <ErrorNotice error={logs.error} /> : null}
      {logs.isPending ? <Loading what="the log" /> : null}
      {logs.data ? (
        <Lines lines={lines} total={all.length} isFollowing={isFollowing} onFollow={setFollowing} />
      ) : null}
    </div>
  );
}

interface LinesProps {
  lines: LogLine[];
  total: number;
  isFollowing: boolean;
  onFollow: (isFollowing: boolean) => void;
}

/** The lines. Scrolling up pauses, the end goes on. One that is out of view costs nothing to lay out. */
function Lines({ lines, total, isFollowing, onFollow }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFollowing) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [isFollowing, lines]);
  const onWheel = (event: React.WheelEvent) =>
    event.deltaY < 0 && isFollowing ? onFollow(false) : undefined;
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label="Log lines"
        aria-live="off"
        tabIndex={0}
        onWheel={onWheel}
        className="h-full min-h-80 overflow-auto rounded-md border bg-inset p-2 font-mono text-xs leading-5"
      >
        {lines.length === 0 ? (
          <p className="p-4 text-center font-sans text-sm text-muted-foreground">
            {total === 0 ? "It has logged nothing yet." : "No line fits."}
          </p>
        ) : null}
        {lines.map((line, index) => (
          <div
            key={index}
            className={cn(
              "min-h-5 break-all whitespace-pre-wrap [contain-intrinsic-size:auto_20px] [content-visibility:auto]",
              LEVELS[levelOf(line.line)],
            )}
          >
            {line.line}
          </div>
        ))}
      </div>
      {isFollowing || lines.length === 0 ? null : (
        <Button size="sm" className="absolute right-4 bottom-3 bg-popover" onClick={() => onFollow(true)}>
          <ArrowDown aria-hidden /> To the end
        </Button>
      )}
    </div>
  );
}

const LEVELS: Record<Level, string> = { error: "text-bad", warning: "text-warn", plain: "" };
