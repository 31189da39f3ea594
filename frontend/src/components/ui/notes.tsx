"use client";

import { createRoot } from "react-dom/client";
import { toast, Toaster, type ExternalToast } from "sonner";
import type { NoteKind } from "@/lib/note";

let isThere = false;

/** The corner is a tree of its own, beside the page and whatever covers it. */
function ensureCorner(): void {
  if (isThere) return;
  isThere = true;
  const corner = document.body.appendChild(document.createElement("div"));
  createRoot(corner).render(
    <Toaster
      position="bottom-right"
      toastOptions={{
        style: {
          background: "var(--popover)",
          color: "var(--foreground)",
          border: "1px solid var(--border-strong)",
          borderRadius: "4px",
          fontFamily: "inherit",
        },
        classNames: { description: "text-muted-foreground!" },
      }}
    />,
  );
}

export function showNote(kind: NoteKind, title: string, more: ExternalToast): void {
  ensureCorner();
  toast[kind](title, more);
}

export function hideNote(id: string): void {
  if (isThere) toast.dismiss(id);
}
