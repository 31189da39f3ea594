"use client";

import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A list of things to do, open from the start: see `MenuButton`. */
export function Menu({ trigger, children }: { trigger: ReactElement; children: ReactNode }) {
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 min-w-48 rounded-md border border-border-strong bg-popover p-1"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps extends ComponentProps<typeof DropdownMenu.Item> {
  /** Why it can not be done now; shown below it. */
  reason?: string | null;
}

export function MenuItem({ reason, className, children, onSelect, ...rest }: MenuItemProps) {
  const isBlocked = Boolean(reason);
  return (
    <DropdownMenu.Item
      {...rest}
      aria-disabled={isBlocked || undefined}
      onSelect={(event) => (isBlocked ? event.preventDefault() : onSelect?.(event))}
      className={cn(
        "flex cursor-pointer items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-sm outline-none data-highlighted:bg-accent-soft [&_svg]:size-4 [&_svg]:shrink-0",
        isBlocked && "cursor-not-allowed",
        className,
      )}
    >
      <span className="grid">
        <span className={cn("flex items-center gap-2.5", isBlocked && "text-muted-foreground")}>
          {children}
        </span>
        {isBlocked ? <span className="max-w-56 pl-6.5 text-xs text-muted-foreground">{reason}</span> : null}
      </span>
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="label-caps px-2.5 pt-2 pb-1 text-muted-foreground">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-border" />;
}
