// Whom the port of a database is opened to.

/** Whom the port on the host is opened to. */
export type Reach = "closed" | "host" | "everybody" | "other";

/** What a person has filled in about that. */
export interface ReachDraft {
  reach: Reach;
  otherAddress: string;
  isPublicKnown: boolean;
  /** Empty for the next free one. */
  port: string;
}

type Chosen = Pick<ReachDraft, "reach" | "otherAddress">;

/** What is wrong with a port; null when nothing is, also when none is given. */
export function portProblem(port: string): string | null {
  if (port === "") return null;
  const number = Number(port);
  return /^\d+$/.test(port) && number >= 1 && number <= 65_535
    ? null
    : "A number from 1 to 65535, or nothing.";
}

/** The address the port is bound to; null when none is opened. */
export function bindAddress({ reach, otherAddress }: Chosen): string | null {
  switch (reach) {
    case "closed":
      return null;
    case "host":
      return "127.0.0.1";
    case "everybody":
      return "0.0.0.0";
    case "other":
      return otherAddress.trim();
  }
}

/** Whether others than this host could connect. */
export function isPublic(draft: Chosen): boolean {
  const address = bindAddress(draft);
  return address !== null && !/^(127\.|::1$)/.test(address);
}

/** What is wrong with it, by field. */
export function reachProblems(draft: ReachDraft): Partial<Record<keyof ReachDraft, string>> {
  const found: Partial<Record<keyof ReachDraft, string>> = {};
  const port = draft.reach === "closed" ? null : portProblem(draft.port);
  if (port !== null) found.port = port;
  if (draft.reach === "other" && draft.otherAddress.trim() === "")
    found.otherAddress = "Which address of this host?";
  if (isPublic(draft) && !draft.isPublicKnown) found.isPublicKnown = "Say that you know it.";
  return found;
}
