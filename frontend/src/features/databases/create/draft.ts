// What a person has filled in about a database that is to be made, and the request it becomes.
import type { CreateDatabaseRequestWritable, EngineInfo, KeptVolume } from "@/lib/api";

/** Whom the port on the host is opened to. */
export type Reach = "closed" | "host" | "everybody" | "other";

export interface Draft {
  name: string;
  version: string;
  image: string;
  isShared: boolean;
  reach: Reach;
  otherAddress: string;
  isPublicKnown: boolean;
  /** Empty for the next free one. */
  port: string;
  adminUser: string;
  /** Empty for a generated one. */
  adminPassword: string;
  description: string;
}

/** An empty form; for kept data, the name it had. */
export function emptyDraft(kept: KeptVolume | null): Draft {
  return {
    name: kept?.name ?? "",
    version: "",
    image: "",
    isShared: true,
    reach: "closed",
    otherAddress: "",
    isPublicKnown: false,
    port: "",
    adminUser: "",
    adminPassword: "",
    description: "",
  };
}

/** What is wrong with a name, before the server is asked; null when nothing is. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Give it a name.";
  if (name.length > 50) return "At most 50 characters.";
  if (/[A-Z]/.test(name)) return "Lower-case letters only.";
  if (!/^[a-z0-9-]+$/.test(name)) return "Use letters a to z, digits and hyphens.";
  if (!/^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(name)) return "Begin and end with a letter or a digit.";
  if (taken.includes(name)) return "There is a database of this name.";
  return null;
}

/** What is wrong with a port; null when nothing is, also when none is given. */
export function portProblem(port: string): string | null {
  if (port === "") return null;
  const number = Number(port);
  return /^\d+$/.test(port) && number >= 1 && number <= 65_535
    ? null
    : "A number from 1 to 65535, or nothing.";
}

/** The address the port is bound to; null when none is opened. */
export function bindAddress({ reach, otherAddress }: Pick<Draft, "reach" | "otherAddress">): string | null {
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
export function isPublic(draft: Pick<Draft, "reach" | "otherAddress">): boolean {
  const address = bindAddress(draft);
  return address !== null && !/^(127\.|::1$)/.test(address);
}

/** Everything that keeps the form from being sent, by field. */
export function problems(draft: Draft, taken: readonly string[]): Partial<Record<keyof Draft, string>> {
  const found: Partial<Record<keyof Draft, string | null>> = {
    name: nameProblem(draft.name, taken),
    port: draft.reach === "closed" ? null : portProblem(draft.port),
    otherAddress:
      draft.reach === "other" && draft.otherAddress.trim() === "" ? "Which address of this host?" : null,
    isPublicKnown: isPublic(draft) && !draft.isPublicKnown ? "Say that you know it." : null,
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null));
}

/** The request. What was left empty is left out, so that the server decides. */
export function toRequest(
  engine: EngineInfo,
  draft: Draft,
  kept: KeptVolume | null,
): CreateDatabaseRequestWritable {
  const address = bindAddress(draft);
  const text = (value: string) => (value.trim() === "" ? undefined : value.trim());
  return {
    type: engine.type,
    name: draft.name,
    version: text(draft.version),
    image: text(draft.image),
    is_shared: draft.isShared,
    description: text(draft.description),
    ...(address === null
      ? {}
      : {
          expose_port: true,
          bind_address: address,
          external_port: draft.port === "" ? undefined : Number(draft.port),
          confirm_public: isPublic(draft) ? draft.isPublicKnown : undefined,
        }),
    ...(kept === null
      ? {
          admin_user: text(draft.adminUser),
          admin_password: draft.adminPassword === "" ? undefined : draft.adminPassword,
        }
      : { kept_volume_id: kept.id }),
  };
}

/** Which field of the form a field of the request stands for. */
export const FIELD_OF: Record<string, keyof Draft> = {
  name: "name",
  version: "version",
  image: "image",
  external_port: "port",
  bind_address: "otherAddress",
  confirm_public: "isPublicKnown",
  admin_user: "adminUser",
  admin_password: "adminPassword",
  description: "description",
};

/** Fields below "Advanced". */
export const ADVANCED: readonly (keyof Draft)[] = ["image", "adminUser", "adminPassword", "description"];
