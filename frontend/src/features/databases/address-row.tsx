import { CopyButton } from "@/components/ui/copy-button";
import { cn } from "@/lib/cn";

interface AddressRowProps {
  label: string;
  /** Null where there is none. */
  value: string | null;
  /** What stands there then. */
  absent?: string;
  className?: string;
}

/** An address with its name and a button that copies it. */
export function AddressRow({ label, value, absent, className }: AddressRowProps) {
  return (
    <div className={cn("flex h-7 min-w-0 items-center gap-3 text-[0.8125rem]", className)}>
      <span className="w-16 shrink-0 text-muted-foreground">{label}</span>
      {value === null ? (
        <span className="truncate text-muted-foreground">{absent}</span>
      ) : (
        <>
          <code className="min-w-0 flex-1 truncate font-mono" title={value}>
            {value}
          </code>
          <CopyButton text={value} what={`the ${label.toLowerCase()} address`} className="relative z-10" />
        </>
      )}
    </div>
  );
}
