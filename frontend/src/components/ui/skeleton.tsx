/** Holds a place with a word for what comes. */
export function Loading({ what, className }: { what: string; className?: string }) {
  return (
    <div role="status" className={className ?? "py-16 text-center text-muted-foreground"}>
      <span className="pulse-slow">Loading {what} …</span>
    </div>
  );
}
