// Which databases are shown, and in which order.
import type { Database, Engine } from "@/lib/api";
import { externalAddress, internalAddress, shown, type Mood } from "./status";

export type Order = "name" | "status" | "newest";

export interface Filter {
  search: string;
  type: Engine | "";
  order: Order;
}

/** Trouble first, then what is in motion. */
const BY_MOOD: Record<Mood, number> = { bad: 0, gone: 1, busy: 2, idle: 3, good: 4 };

// Made once: to make one takes a thousand times as long as a comparison.
const collator = new Intl.Collator("en", { numeric: true });

const byName = (one: Database, other: Database) => collator.compare(one.name, other.name);

/** Moments of the API are texts of one shape, which order as they are. */
const newestFirst = (one: Database, other: Database) =>
  one.created_at === other.created_at ? 0 : one.created_at < other.created_at ? 1 : -1;

const ORDERS: Record<Order, (one: Database, other: Database) => number> = {
  name: byName,
  status: (one, other) => BY_MOOD[shown(one).mood] - BY_MOOD[shown(other).mood] || byName(one, other),
  newest: (one, other) => newestFirst(one, other) || byName(one, other),
};

/** The databases that fit, in order. Every word of the search must be found somewhere. */
export function select(databases: readonly Database[], { search, type, order }: Filter): Database[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (database: Database) => {
    const text = [
      database.name,
      database.type,
      database.version,
      database.flavor ?? "",
      database.status,
      database.description ?? "",
      internalAddress(database),
      externalAddress(database) ?? "",
    ].join(" ");
    return words.every((word) => text.toLowerCase().includes(word));
  };
  return databases
    .filter((database) => (type === "" || database.type === type) && fits(database))
    .sort(ORDERS[order]);
}
