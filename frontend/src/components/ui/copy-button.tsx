"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/cn";
import { Button } from "./button";

interface CopyButtonProps {
  /** The text, or what gives it when it is asked for. */
  text: string | (() => Promise<string>);
  /** What is copied, such as "the internal address". */
  what: string;
  /** Shows the word beside the mark. */
  hasWord?: boolean;
  reason?: string | null;
  className?: string;
}

/** Copies, and says so where it was pressed. */
export function CopyButton({ text, what, hasWord = false, reason, className }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await writeClipboard(typeof text === "string" ? text : await text());
      setState("copied");
    } catch {
      setState("failed");
    }
  };
  const word = { idle: "Copy", copied: "Copied", failed: "Not copied" }[state];
  return (
    <Button
      variant="ghost"
      size={hasWord ? "sm" : "icon"}
      reason={reason}
      className={cn(hasWord ? "" : "size-7", className)}
      aria-label={`${word} ${what}`}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    >
      {state === "copied" ? <Check className="text-accent" aria-hidden /> : <Copy aria-hidden />}
      {hasWord ? word : null}
      <span role="status" className="sr-only">
        {state === "copied" ? `Copied ${what}` : ""}
      </span>
    </Button>
  );
}

/** The clipboard is there on TLS and loopback only; elsewhere the old way still works. */
async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("the browser does not let this page copy");
}
