// What a person has filled in about a database that is to be adopted, and the request it becomes.
import { nameProblem } from "@/features/databases/create/draft";
import type { AdoptDatabaseRequestWritable, DetectedDatabase } from "@/lib/api";

/** As many characters as a name may have. */
const LENGTH_MAX = 50;

export interface AdoptDraft {
  name: string;
  isShared: boolean;
  /** Empty for what the container says itself. */
  adminUser: string;
  adminPassword: string;
}

/** A name that is allowed and free, as near to the container's as can be. */
export function suggestName(container: string, taken: readonly string[]): string {
  const base = trimmed(container.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")) || "database";
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number += 1) {
    const end = `-${number}`;
    const name = `${trimmed(base, LENGTH_MAX - end.length)}${end}`;
    if (!taken.includes(name)) return name;
  }
}

function trimmed(text: string, length = LENGTH_MAX): string {
  return text.replace(/^-+/, "").slice(0, length).replace(/-+$/, "");
}

/** The form as it is first seen. */
export function draftFor(found: DetectedDatabase, taken: readonly string[]): AdoptDraft {
  return {
    name: suggestName(found.container_name, taken),
    isShared: true,
    adminUser: "",
    adminPassword: "",
  };
}

/** Why it can not be sent; null when it can. */
export function adoptProblem(draft: AdoptDraft, taken: readonly string[]): string | null {
  return nameProblem(draft.name, taken);
}

/** The request. What was left empty is left out, so that it is read from the container. */
export function toAdoption(draft: AdoptDraft): AdoptDatabaseRequestWritable {
  return {
    name: draft.name,
    is_shared: draft.isShared,
    ...(draft.adminUser === "" ? {} : { admin_user: draft.adminUser }),
    ...(draft.adminPassword === "" ? {} : { admin_password: draft.adminPassword }),
  };
}

const AT_REST: Partial<Record<DetectedDatabase["state"], string>> = {
  created: "It was never started, so that no login can be tried; start it first.",
  exited: "It does not run, so that no login can be tried; start it first.",
  paused: "It is paused, so that no login can be tried; let it go on first.",
  stopping: "It is being stopped.",
  removing: "It is being removed.",
};

/** Why a login can not even be tried now; null when it can. */
export function whyNotAdopt({ state }: DetectedDatabase): string | null {
  return AT_REST[state] ?? null;
}

const SURE: Record<DetectedDatabase["confidence"], string> = {
  high: "sure",
  medium: "likely",
  low: "maybe",
};

/** How sure it is, in a word. */
export function confidenceInWords(confidence: DetectedDatabase["confidence"]): string {
  return SURE[confidence];
}
