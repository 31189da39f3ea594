import type { Database } from "@/lib/api";
import { cn } from "@/lib/cn";
import { reasonOf, shown, type Mood } from "./status";

const DOTS: Record<Mood, string> = {
  good: "bg-accent",
  busy: "bg-warn pulse-slow",
  idle: "bg-idle",
  bad: "bg-bad",
  gone: "border border-dashed border-bad bg-transparent",
};

const WORDS: Record<Mood, string> = {
  good: "text-accent",
  busy: "text-warn",
  idle: "text-muted-foreground",
  bad: "text-bad",
  gone: "text-bad",
};

type Seen = Pick<Database, "status" | "health" | "status_reason">;

interface StatusWordProps {
  word: string;
  mood: Mood;
  reason?: string | null;
  className?: string;
}

/** A dot and a word, with the reason on hover. The reason is also said in full where there is room for it. */
export function StatusWord({ word, mood, reason, className }: StatusWordProps) {
  return (
    <span
      title={reason ?? undefined}
      data-status={word}
      className={cn("flex items-center gap-1.5 font-mono text-xs whitespace-nowrap", WORDS[mood], className)}
    >
      <span aria-hidden className={cn("size-2 rounded-full", DOTS[mood])} />
      {word}
    </span>
  );
}

/** The same for a database. */
export function StatusMark({ database, className }: { database: Seen; className?: string }) {
  return <StatusWord {...shown(database)} reason={reasonOf(database)} className={className} />;
}
