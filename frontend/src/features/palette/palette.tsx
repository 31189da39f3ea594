"use client";

import { Dialog as Radix } from "radix-ui";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { Input } from "@/components/ui/field";
import { useMay } from "@/features/auth/queries";
import { useDatabases } from "@/features/databases/queries";
import { useEngines } from "@/features/engines/queries";
import { cn } from "@/lib/cn";
import { useReturnFocus } from "@/lib/use-return-focus";
import { entryOf, find, type Entry } from "./find";

const PAGES: readonly (Entry & { role: "viewer" | "admin" })[] = [
  {
    id: "databases",
    name: "Databases",
    kind: "page",
    href: "/container-manager/?tab=databases",
    role: "viewer",
  },
  {
    id: "containers",
    name: "Containers",
    kind: "page",
    href: "/container-manager/?tab=containers",
    role: "viewer",
  },
  { id: "new-container", name: "New container", kind: "begin", href: "/container-create/", role: "admin" },
  {
    id: "new",
    name: "New database",
    kind: "begin",
    href: "/container-manager/?tab=databases&new=database",
    role: "admin",
  },
  {
    id: "adopt",
    name: "Adopt a database",
    kind: "begin",
    href: "/container-manager/?tab=databases&adopt=list",
    role: "admin",
  },
  { id: "new-token", name: "New API token", kind: "begin", href: "/account/?new=token", role: "viewer" },
  { id: "account", name: "Account", kind: "page", href: "/account/", role: "viewer" },
  { id: "users", name: "Users", kind: "page", href: "/users/", role: "admin" },
  { id: "audit", name: "Audit log", kind: "page", href: "/audit/", role: "admin" },
];

/** Goes to what is typed. */
export function Palette({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const list = useId();
  const returnFocus = useReturnFocus(true);
  const may = useMay();
  const { data: databases } = useDatabases();
  const { data: engines } = useEngines();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const kindOf = (type: string) => engines?.find((engine) => engine.type === type)?.display_name ?? type;
  const found = find(
    [
      ...PAGES.filter(({ role }) => may(role) === null),
      ...(databases ?? []).map((database) => entryOf(database, kindOf(database.type))),
    ],
    typed,
  );
  const current = found[Math.min(at, found.length - 1)];
  const go = ({ href }: Entry) => {
    onClose();
    router.push(href);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      go(current);
    }
  };
  return (
    <Radix.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-60 bg-[oklch(0.1_0.05_262/0.7)]" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className="fixed top-[12vh] left-1/2 z-60 w-[min(94vw,34rem)] -translate-x-1/2 rounded-md border border-border-strong bg-background p-2 outline-none"
        >
          <Radix.Title className="sr-only">Go to</Radix.Title>
          <Input
            autoFocus
            role="combobox"
            aria-label="What do you want?"
            aria-expanded
            aria-controls={list}
            aria-activedescendant={current ? `${list}-${current.id}` : undefined}
            placeholder="A database, a page, …"
            value={typed}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
            }}
          />
          <ul id={list} role="listbox" aria-label="What fits" className="mt-2 max-h-[50vh] overflow-y-auto">
            {found.map((entry) => (
              <li
                key={entry.id}
                id={`${list}-${entry.id}`}
                role="option"
                aria-selected={entry === current}
                onClick={() => go(entry)}
                className={cn(
                  "flex cursor-pointer items-baseline justify-between gap-3 rounded-sm px-3 py-2",
                  entry === current ? "bg-accent-soft" : "hover:bg-card",
                )}
              >
                <span className="truncate font-mono">{entry.name}</span>
                <span className="text-[0.8125rem] whitespace-nowrap text-muted-foreground">{entry.kind}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 ? (
            <p role="status" className="p-4 text-center text-muted-foreground">
              Nothing fits.
            </p>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
