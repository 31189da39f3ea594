import type { KeptVolume } from "@/lib/api";

/** The bytes of all its volumes; null when one is not known. */
export function sizeOf(kept: KeptVolume): number | null {
  return kept.volumes.reduce<number | null>(
    (sum, { size_bytes: size }) => (sum === null || size === null ? null : sum + size),
    0,
  );
}
