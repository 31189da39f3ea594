import { cn } from "@/lib/cn";

/** How much of something is done. Without a label it only draws what is said beside it. */
export function Bar({ share, label, className }: { share: number; label?: string; className?: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  const role = label
    ? ({ role: "progressbar", "aria-label": label, "aria-valuenow": percent } as const)
    : { "aria-hidden": true };
  return (
    <div
      {...role}
      className={cn("h-1.5 overflow-hidden rounded-full bg-inset ring-1 ring-border", className)}
    >
      <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
    </div>
  );
}
