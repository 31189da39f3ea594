// Measurements of a database as they are drawn: one a second, with gaps where there was none.
import type { ContainerStats } from "@/lib/api";

/** The measurement of each second up to the newest; null where none was taken. */
export function bySecond<T>(
  samples: readonly ContainerStats[],
  seconds: number,
  pick: (sample: ContainerStats) => T | null,
): (T | null)[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  const second = (sample: ContainerStats) => Math.round(Date.parse(sample.sampled_at) / 1000);
  const end = second(last);
  const start = Math.max(end - seconds + 1, second(samples[0] ?? last));
  const row: (T | null)[] = Array.from({ length: end - start + 1 }, () => null);
  for (const sample of samples) {
    const at = second(sample) - start;
    if (at >= 0) row[at] = pick(sample);
  }
  // A second that lies between two measurements is no gap: they are not taken to the millisecond.
  return row.map((value, index) => value ?? (row[index + 1] != null ? (row[index - 1] ?? null) : null));
}

/** What flowed in each second, of a count that only grows. */
export function rates(counts: readonly (number | null)[]): (number | null)[] {
  return counts.map((count, index) => {
    const before = counts[index - 1] ?? null;
    return count === null || before === null || count < before ? null : count - before;
  });
}
