"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { useReturnFocus } from "@/lib/use-return-focus";
import { Button } from "./button";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  /** Below the content, always in view. */
  footer?: ReactNode;
  className?: string;
  /** Whether a click beside it leaves it open, because there is something in it to lose. */
  isSticky?: boolean;
  children: ReactNode;
}

const overlay =
  "fixed inset-0 z-40 bg-[oklch(0.1_0.05_262/0.7)] data-[state=open]:animate-in data-[state=open]:fade-in-0";

/** A window over the page; on a telephone it is the page. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  footer,
  className,
  isSticky,
  children,
}: DialogProps) {
  const returnFocus = useReturnFocus(isOpen);
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onCloseAutoFocus={returnFocus}
          onInteractOutside={(event) => (isSticky ? event.preventDefault() : undefined)}
          className={cn(
            "fixed inset-0 z-50 flex flex-col bg-background outline-none sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-h-[min(90dvh,56rem)] sm:w-[min(94vw,40rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-md sm:border sm:border-border-strong",
            className,
          )}
        >
          <header className="flex items-start gap-3 border-b px-5 py-4">
            <div className="grid min-w-0 flex-1 gap-0.5">
              <Radix.Title className="truncate font-mono text-base font-medium">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="text-[0.8125rem] text-muted-foreground">
                  {description}
                </Radix.Description>
              ) : null}
            </div>
            <CloseButton />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-5">{children}</div>
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t bg-card px-5 py-3">
              {footer}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface SheetProps {
  isOpen: boolean;
  onClose: () => void;
  /** Says what it is to whoever can not see it. */
  label: string;
  children: ReactNode;
}

/** A page that slides in from the right and leaves the one below where it was. */
export function Sheet({ isOpen, onClose, label, children }: SheetProps) {
  const returnFocus = useReturnFocus(isOpen);
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed inset-y-0 right-0 z-50 flex w-full flex-col border-border-strong bg-background outline-none data-[state=open]:animate-in data-[state=open]:slide-in-from-right-8 sm:w-[min(92vw,46rem)] sm:border-l"
        >
          <Radix.Title className="sr-only">{label}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function CloseButton() {
  return (
    <Radix.Close asChild>
      <Button variant="ghost" size="icon" aria-label="Close">
        <X aria-hidden />
      </Button>
    </Radix.Close>
  );
}
