"use client";

import { ago, exact } from "@/lib/format";
import { useNow } from "@/lib/use-now";

/** When something happened: how long ago, with the exact time on hover. */
export function Moment({ at, className }: { at: string; className?: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={exact(at)} className={className}>
      {ago(at, now)}
    </time>
  );
}
