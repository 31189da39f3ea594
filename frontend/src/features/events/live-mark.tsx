"use client";

import { cn } from "@/lib/cn";
import { useLiveState } from "./live";

/** Whether what is seen is what is so now. */
export function LiveMark() {
  const state = useLiveState();
  const isLive = state === "open";
  return (
    <span
      role="status"
      title={isLive ? "Changes are shown as they happen" : "The connection is lost; connecting again"}
      className={cn("label-caps flex items-center gap-1.5", isLive ? "text-accent" : "text-warn")}
    >
      <span aria-hidden className={cn("size-2 rounded-full", isLive ? "bg-accent" : "bg-warn pulse-slow")} />
      {isLive ? "live" : state === "closed" ? "ended" : "reconnecting"}
    </span>
  );
}
