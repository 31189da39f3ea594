"use client";

import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { useId, type ComponentProps, type MouseEvent } from "react";
import { cn } from "@/lib/cn";
import { Tip } from "./tip";

const look = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium whitespace-nowrap transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 disabled:cursor-not-allowed disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-primary text-primary-foreground hover:bg-primary-hover",
        outline:
          "border-border-strong bg-transparent text-foreground hover:border-accent hover:bg-accent-soft",
        ghost: "border-transparent bg-transparent text-foreground hover:bg-accent-soft",
        danger: "border-transparent bg-destructive text-destructive-foreground hover:opacity-90",
        link: "h-auto! border-transparent px-0! text-accent underline-offset-4 hover:underline",
      },
      size: {
        md: "h-9 px-3.5 text-sm",
        sm: "h-8 px-2.5 text-[0.8125rem]",
        icon: "size-8",
      },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof look> {
  /** Why it can not be used now; it stays visible and reachable, and says so. */
  reason?: string | null;
  /** Whether what it began is going on. */
  isBusy?: boolean;
}

export function Button({ className, variant, size, reason, isBusy = false, children, ...rest }: ButtonProps) {
  const describedBy = useId();
  const isBlocked = reason !== null && reason !== undefined;
  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBlocked || isBusy) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    rest.onClick?.(event);
  };
  const button = (
    <button
      type="button"
      {...rest}
      className={cn(look({ variant, size }), className)}
      aria-disabled={isBlocked || isBusy ? true : undefined}
      aria-busy={isBusy || undefined}
      aria-describedby={isBlocked ? describedBy : rest["aria-describedby"]}
      onClick={onClick}
    >
      {isBusy ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {children}
      {isBlocked ? (
        <span id={describedBy} className="sr-only">
          {reason}
        </span>
      ) : null}
    </button>
  );
  return isBlocked ? <Tip text={reason}>{button}</Tip> : button;
}

export { look as buttonLook };
