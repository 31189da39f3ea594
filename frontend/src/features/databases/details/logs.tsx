"use client";

import { ArrowDown, Download, Pause, Play } from "lucide-react";
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { cn } from "@/lib/cn";
import { exact, count } from "@/lib/format";
import { asFile, cutAt, levelOf, pick, type Level, type Line } from "./log-lines";
import { useLog } from "./use-log";

interface LogsProps {
  /** Whose: the path of a database or a container in the API. */
  of: string;
  name: string;
}

/** The log of a database or an app, for whom it is meant: programs write what they like into it. */
export function Logs(props: LogsProps) {
  const forbidden = useMay()("operator");
  if (forbidden !== null) return <Notice kind="plain" title={forbidden} />;
  return <FollowedLog {...props} />;
}

function FollowedLog({ of, name }: LogsProps) {
  const { lines: all, socket, isFresh } = useLog(of);
  // While it is paused, what was there then.
  const [held, setHeld] = useState<readonly Line[] | null>(null);
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<Level>("plain");
  const needle = useDeferredValue(search);
  const shown = held ?? all;
  const lines = useMemo(() => pick(shown, { search: needle, level }), [shown, needle, level]);
  const pause = () => setHeld((before) => before ?? all);
  const follow = () => setHeld(null);
  const download = () => {
    const url = URL.createObjectURL(new Blob([asFile(all)], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${name}.log`;
    link.click();
    URL.revokeObjectURL(url);
  };
  const missed = held === null ? 0 : (all.at(-1)?.id ?? 0) - (held.at(-1)?.id ?? 0);
  const isFollowing = held === null;
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
        <Button aria-pressed={isFollowing} onClick={isFollowing ? pause : follow}>
          {isFollowing ? <Pause aria-hidden /> : <Play aria-hidden />}
          {isFollowing ? "Pause" : "Follow"}
        </Button>
        <Button size="icon" className="size-9" aria-label="Download the log" onClick={download}>
          <Download aria-hidden />
        </Button>
      </div>
      {socket === "waiting" ? (
        <Notice kind="warn" title="The connection is lost">
          Connecting again. What is logged in the meantime is shown afterwards.
        </Notice>
      ) : null}
      <p role="status" className={needle === "" && level === "plain" ? "sr-only" : "text-muted-foreground"}>
        {count(lines.length, "line")} of {shown.length}
      </p>
      {isFresh ? (
        <div className="relative min-h-0 flex-1">
          <Lines
            lines={lines}
            search={needle}
            isFollowing={isFollowing}
            onPause={pause}
            absent={shown.length === 0 ? "It has logged nothing yet." : "No line fits."}
          />
          {isFollowing ? null : (
            <Button size="sm" className="absolute right-4 bottom-3 bg-popover" onClick={follow}>
              <ArrowDown aria-hidden /> {missed > 0 ? count(missed, "new line") : "To the end"}
            </Button>
          )}
        </div>
      ) : (
        <Loading what="the log" />
      )}
    </div>
  );
}

interface LinesProps {
  lines: readonly Line[];
  search: string;
  isFollowing: boolean;
  onPause: () => void;
  absent: string;
}

/** The lines. Scrolling up pauses. One that is out of view costs nothing to lay out. */
function Lines({ lines, search, isFollowing, onPause, absent }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isFollowing) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [isFollowing, lines]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      tabIndex={0}
      onWheel={(event) => (event.deltaY < 0 && isFollowing ? onPause() : undefined)}
      onKeyDown={(event) =>
        ["ArrowUp", "PageUp", "Home"].includes(event.key) && isFollowing ? onPause() : undefined
      }
      className="h-full min-h-80 overflow-auto rounded-md border bg-inset p-2 font-mono text-xs leading-5"
    >
      {lines.length === 0 ? (
        <p className="p-4 text-center font-sans text-sm text-muted-foreground">{absent}</p>
      ) : null}
      {lines.map((line) => (
        <Row key={line.id} line={line} search={search} />
      ))}
    </div>
  );
}

const Row = memo(function Row({ line, search }: { line: Line; search: string }) {
  return (
    <div
      title={line.at === null ? undefined : exact(line.at)}
      className={cn(
        "min-h-5 break-all whitespace-pre-wrap [contain-intrinsic-size:auto_20px] [content-visibility:auto]",
        line.isGap ? "text-center font-sans text-muted-foreground" : LEVELS[levelOf(line.text)],
      )}
    >
      {cutAt(line.text, search).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <mark key={index} className="bg-warn text-background">
            {part}
          </mark>
        ),
      )}
    </div>
  );
});

const LEVELS: Record<Level, string> = { error: "text-bad", warning: "text-warn", plain: "" };
