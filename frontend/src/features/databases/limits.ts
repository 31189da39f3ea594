// How much of the host a database may use, as it is typed.

const MEBIBYTE = 1024 * 1024;
const LEAST_MEBIBYTES = 16;

export interface LimitDraft {
  /** In MiB; empty for no limit. */
  memory: string;
  /** Empty for no limit. */
  cpus: string;
}

/** The bytes of a number of MiB; null for none. */
export function toBytes(memory: string): number | null {
  return memory.trim() === "" ? null : Math.round(Number(memory) * MEBIBYTE);
}

/** Bytes as they stand in the form. */
export function fromBytes(value: number | null): string {
  return value === null ? "" : String(Math.round((value / MEBIBYTE) * 100) / 100);
}

/** The processors; null for no limit. */
export function toCpus(cpus: string): number | null {
  return cpus.trim() === "" ? null : Number(cpus);
}

/** What is wrong with the limits, by field. */
export function limitProblems({ memory, cpus }: LimitDraft): Partial<Record<keyof LimitDraft, string>> {
  const found: Partial<Record<keyof LimitDraft, string>> = {};
  if (memory.trim() !== "" && !(/^\d+$/.test(memory.trim()) && Number(memory) >= LEAST_MEBIBYTES))
    found.memory = `A whole number from ${LEAST_MEBIBYTES}, or nothing.`;
  if (cpus.trim() !== "" && !(/^\d+(\.\d+)?$/.test(cpus.trim()) && Number(cpus) >= 0.01))
    found.cpus = "A number from 0.01, such as 0.5 or 2, or nothing.";
  return found;
}
