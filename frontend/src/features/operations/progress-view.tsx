"use client";

import { Check, Circle, LoaderCircle, Minus, Undo2, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { ImageProgress, OperationStep } from "@/lib/api";
import { cn } from "@/lib/cn";
import { bytes, span } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Bar } from "@/components/ui/bar";
import { isFinal, type Followed, type LogEntry } from "./frames";
import { stepInWords } from "./words";

/** The steps of an operation with their times; the one at work shows what it does. */
export function ProgressView({ followed }: { followed: Followed }) {
  const isOver = isFinal(followed.state);
  const now = useNow(500, !isOver);
  return (
    <ol className="grid gap-px" aria-label="Steps">
      {followed.steps.map((step) => (
        <Step key={step.name} step={step} followed={followed} now={now} />
      ))}
    </ol>
  );
}

const MARKS: Record<OperationStep["state"], { icon: typeof Check; look: string; word: string }> = {
  pending: { icon: Circle, look: "text-muted-foreground opacity-60", word: "waiting" },
  running: { icon: LoaderCircle, look: "animate-spin text-warn", word: "at work" },
  succeeded: { icon: Check, look: "text-accent", word: "done" },
  failed: { icon: X, look: "text-bad", word: "failed" },
  undone: { icon: Undo2, look: "text-muted-foreground", word: "taken back" },
  skipped: { icon: Minus, look: "text-muted-foreground", word: "not needed" },
};

function Step({ step, followed, now }: { step: OperationStep; followed: Followed; now: number }) {
  const { icon: Icon, look, word } = MARKS[step.state];
  const isRunning = step.state === "running";
  const lines = followed.log.filter((line) => line.step === step.name);
  const isOpen = isRunning || step.state === "failed";
  return (
    <li className={cn("rounded-md px-3 py-2", isOpen && "bg-card")}>
      <div className="flex items-center gap-3">
        <Icon className={cn("size-4 shrink-0", look)} aria-hidden />
        <span className={cn("flex-1", step.state === "pending" && "text-muted-foreground")}>
          {stepInWords(step.name)}
          <span className="sr-only">, {word}</span>
        </span>
        {step.state === "undone" || step.state === "skipped" ? (
          <span className="text-xs text-muted-foreground">{word}</span>
        ) : null}
        <span className="font-mono text-xs text-muted-foreground">{timeOf(step, now)}</span>
      </div>
      {isOpen && step.detail ? (
        <p className="mt-1 pl-7 text-[0.8125rem] text-muted-foreground">{step.detail}</p>
      ) : null}
      {isRunning && step.name === "image" && followed.progress ? (
        <Layers progress={followed.progress} />
      ) : null}
      {isOpen && lines.length > 0 ? <LogTail lines={lines} /> : null}
    </li>
  );
}

function timeOf(step: OperationStep, now: number): string {
  if (step.started_at === null) return "";
  const end = step.finished_at === null ? now : Date.parse(step.finished_at);
  const taken = Math.max(0, end - Date.parse(step.started_at));
  return taken < 1000 && step.finished_at !== null ? `${taken} ms` : span(taken);
}

function Layers({ progress }: { progress: ImageProgress }) {
  const share = progress.total === 0 ? 0 : progress.current / progress.total;
  return (
    <div className="mt-2 grid gap-1.5 pl-7">
      <div className="flex justify-between gap-3 text-xs text-muted-foreground">
        <span className="truncate">{progress.status}</span>
        {progress.total > 0 ? (
          <span className="font-mono whitespace-nowrap">
            {bytes(progress.current)} of {bytes(progress.total)}
          </span>
        ) : null}
      </div>
      <Bar share={share} label="Download of the image" />
      <ul
        className="mt-1 grid max-h-32 gap-1 overflow-y-auto text-xs"
        tabIndex={0}
        aria-label="Layers of the image"
      >
        {progress.layers.map((layer) => (
          <li key={layer.id} className="flex items-center gap-3 font-mono text-muted-foreground">
            <span className="w-28 truncate">{layer.id}</span>
            <Bar className="flex-1" share={layer.done ? 1 : layer.total ? layer.current / layer.total : 0} />
            <span className="w-36 text-right">{sizeOf(layer)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function sizeOf({ done, current, total }: ImageProgress["layers"][number]): string {
  if (done) return total === null ? "done" : bytes(total);
  return total === null ? bytes(current) : `${bytes(current)} of ${bytes(total)}`;
}

function LogTail({ lines }: { lines: LogEntry[] }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [lines.length]);
  return (
    <pre
      tabIndex={0}
      aria-label="Log"
      className="mt-2 ml-7 max-h-40 overflow-auto rounded-md border bg-inset p-2 font-mono text-xs whitespace-pre-wrap"
    >
      {lines.slice(-200).map((line) => (
        <div key={line.seq}>{line.text}</div>
      ))}
      <div ref={end} />
    </pre>
  );
}
