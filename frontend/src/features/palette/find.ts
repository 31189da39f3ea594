// What the palette offers for what was typed.
import type { Database } from "@/lib/api";

/** Something to go to or to begin. */
export interface Entry {
  id: string;
  name: string;
  /** What it is, beside its name. */
  kind: string;
  href: string;
}

const SHOWN = 12;

/** The entries that fit, best first: those that begin with it, then those that have it somewhere, then its letters in order. */
export function find(entries: readonly Entry[], typed: string): Entry[] {
  const needle = typed.trim().toLowerCase();
  const ranked = entries.map((entry) => ({ entry, rank: rankOf(entry, needle) }));
  return ranked
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, SHOWN)
    .map(({ entry }) => entry);
}

function rankOf({ name, kind }: Entry, needle: string): number {
  const text = name.toLowerCase();
  if (text.startsWith(needle)) return 0;
  if (`${text} ${kind.toLowerCase()}`.includes(needle)) return 1;
  let at = 0;
  for (const letter of text) if (letter === needle[at]) at += 1;
  return at === needle.length ? 2 : 3;
}

/** The details of a database, by its parts. */
export function entryOf({ id, name }: Database, kind: string): Entry {
  return { id, name, kind, href: `/container-manager/?tab=databases&db=${id}` };
}
