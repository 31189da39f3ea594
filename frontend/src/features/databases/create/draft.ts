// What a person has filled in about a database that is to be made, and the request it becomes.
import type { CreateDatabaseRequestWritable, EngineInfo, KeptVolume } from "@/lib/api";
import { limitProblems, toCpus, toBytes, type LimitDraft } from "../limits";
import { bindAddress, isPublic, reachProblems, type ReachDraft } from "../reach";

export interface Draft extends ReachDraft, LimitDraft {
  name: string;
  version: string;
  image: string;
  isShared: boolean;
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
    memory: "",
    cpus: "",
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

/** Everything that keeps the form from being sent, by field. */
export function problems(draft: Draft, taken: readonly string[]): Partial<Record<keyof Draft, string>> {
  const name = nameProblem(draft.name, taken);
  return { ...(name === null ? {} : { name }), ...reachProblems(draft), ...limitProblems(draft) };
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
    memory_bytes: toBytes(draft.memory) ?? undefined,
    cpus: toCpus(draft.cpus) ?? undefined,
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
  memory_bytes: "memory",
  cpus: "cpus",
};

/** Fields below "Advanced". */
export const ADVANCED: readonly (keyof Draft)[] = [
  "image",
  "adminUser",
  "adminPassword",
  "description",
  "memory",
  "cpus",
];
