// Lists that come in parts, whole.

/** Most entries that the server puts into one part. */
const PART = 1000;

interface Part<T> {
  items: T[];
  next_cursor: string | null;
}

/** Every entry of a list, part by part. */
export async function all<T>(
  part: (query: { limit: number; cursor?: string }) => Promise<Part<T>>,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const { items, next_cursor }: Part<T> = await part({ limit: PART, ...(cursor ? { cursor } : {}) });
    found.push(...items);
    cursor = next_cursor;
  } while (cursor !== null);
  return found;
}
