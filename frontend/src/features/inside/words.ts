import type { Preset } from "@/lib/api";

/** What a user may do, with the database's name after it. */
const PRESETS: Record<Preset, { short: string; label: string; hint: string }> = {
  owner: { short: "owns", label: "Everything in it", hint: "Tables and indexes too. Right for an app." },
  read_write: {
    short: "reads and writes",
    label: "Read and write",
    hint: "Rows, but not the tables themselves.",
  },
  read_only: { short: "reads", label: "Read only", hint: "For reports and curious people." },
};

/** The rights on offer, the usual ones first. */
export const PRESET_CHOICES = Object.entries(PRESETS).map(([preset, words]) => ({
  preset: preset as Preset,
  ...words,
}));

export function presetInWords(preset: Preset): string {
  return PRESETS[preset].short;
}
