"use client";

import { Dialog } from "@/components/ui/dialog";

const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Ctrl", "K"], does: "Go to a database or a page, or begin something" },
  { keys: ["/"], does: "Search the databases" },
  { keys: ["?"], does: "Show this" },
  { keys: ["Esc"], does: "Close what is open" },
  { keys: ["Tab"], does: "To the next thing; with Shift, back" },
  { keys: ["←", "→"], does: "To the next tab" },
];

/** What the keyboard can do. */
export function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog isOpen onClose={onClose} title="Keys" className="sm:w-[min(94vw,28rem)]">
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] items-center gap-y-3">
        {KEYS.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-sm border border-border-strong bg-inset px-1.5 font-mono text-xs leading-6"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-[0.8125rem] text-muted-foreground">On a Mac, Cmd does what Ctrl does here.</p>
    </Dialog>
  );
}
