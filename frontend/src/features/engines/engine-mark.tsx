import type { Engine } from "@/lib/api";
import { cn } from "@/lib/cn";
import { markOf } from "./marks";

/** The mark of an engine; its name stands beside it, so it says nothing to whoever can not see it. */
export function EngineMark({ type, className }: { type: Engine; className?: string }) {
  const { letters, hue } = markOf(type);
  return (
    <span
      aria-hidden
      style={{ "--hue": hue } as React.CSSProperties}
      className={cn(
        "grid size-9 shrink-0 place-items-center rounded-md border font-mono text-sm font-semibold",
        "border-[oklch(0.6_0.1_var(--hue)/0.6)] bg-[oklch(0.93_0.04_var(--hue))] text-[oklch(0.4_0.11_var(--hue))]",
        "dark:bg-[oklch(0.28_0.07_var(--hue))] dark:text-[oklch(0.86_0.1_var(--hue))]",
        className,
      )}
    >
      {letters}
    </span>
  );
}
