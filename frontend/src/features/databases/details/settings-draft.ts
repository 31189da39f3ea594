// Settings of a database as a person edits them, and the change that they ask for.
import type { ChangeDatabaseRequest, Database, EngineInfo, SettingChange } from "@/lib/api";
import { fromBytes, limitProblems, toBytes, toCpus, type LimitDraft } from "../limits";
import { bindAddress, isPublic, reachProblems, type Reach, type ReachDraft } from "../reach";

export interface SettingsDraft extends ReachDraft, LimitDraft {
  isShared: boolean;
  description: string;
  /** What a person chose, by name. */
  engineSettings: Record<string, string>;
}

/** The form as the database is now. */
export function draftOf(database: Database): SettingsDraft {
  const { settings } = database;
  return {
    isShared: database.is_shared,
    description: database.description ?? "",
    reach: reachOf(database),
    otherAddress: reachOf(database) === "other" ? database.bind_address : "",
    isPublicKnown: false,
    port: database.external_port === null ? "" : String(database.external_port),
    memory: fromBytes(settings.memory_bytes),
    cpus: settings.cpus === null ? "" : String(settings.cpus),
    engineSettings: { ...settings.engine_settings },
  };
}

function reachOf({ external_port, bind_address }: Database): Reach {
  if (external_port === null) return "closed";
  if (bind_address === "127.0.0.1") return "host";
  return bind_address === "0.0.0.0" ? "everybody" : "other";
}

/** What keeps it from being asked for, by field. That an address is public needs no word while it stays. */
export function problemsOf(
  database: Database,
  draft: SettingsDraft,
): Partial<Record<keyof SettingsDraft, string>> {
  const found = { ...reachProblems(draft), ...limitProblems(draft) };
  if (!isOpenedToMore(database, draft)) delete found.isPublicKnown;
  return found;
}

function isOpenedToMore(database: Database, draft: SettingsDraft): boolean {
  return isPublic(draft) && reachChanges(database, draft);
}

function reachChanges(database: Database, draft: SettingsDraft): boolean {
  const now = draftOf(database);
  return bindAddress(now) !== bindAddress(draft) || (draft.reach !== "closed" && now.port !== draft.port);
}

/** What is asked for: only what differs from what is so now. */
export function toChange(database: Database, draft: SettingsDraft): ChangeDatabaseRequest {
  const now = draftOf(database);
  const change: ChangeDatabaseRequest = {};
  if (draft.isShared !== now.isShared) change.is_shared = draft.isShared;
  if (draft.description.trim() !== now.description) change.description = draft.description.trim() || null;
  if (toBytes(draft.memory) !== toBytes(now.memory)) change.memory_bytes = toBytes(draft.memory);
  if (toCpus(draft.cpus) !== toCpus(now.cpus)) change.cpus = toCpus(draft.cpus);
  if (reachChanges(database, draft)) {
    const address = bindAddress(draft);
    if (address === null) change.expose_port = false;
    else {
      change.expose_port = true;
      change.bind_address = address;
      if (draft.port !== "") change.external_port = Number(draft.port);
      if (isPublic(draft)) change.confirm_public = draft.isPublicKnown;
    }
  }
  const settings = engineChanges(now.engineSettings, draft.engineSettings);
  if (Object.keys(settings).length > 0) change.engine_settings = settings;
  return change;
}

function engineChanges(
  now: Record<string, string>,
  wanted: Record<string, string>,
): Record<string, string | null> {
  const names = new Set([...Object.keys(now), ...Object.keys(wanted)]);
  const changed = [...names].filter((name) => now[name] !== wanted[name]);
  return Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null]));
}

const NAMES: Record<string, string> = {
  is_shared: "Several apps may use it",
  description: "Note",
  color: "Colour",
  expose_port: "Reachable from outside",
  external_port: "Port on the host",
  bind_address: "Address of the host",
  memory_bytes: "Memory",
  cpus: "Processors",
};

/** A field of a change, for a person. */
export function fieldInWords(field: string): string {
  return NAMES[field] ?? field.replace(/^engine_settings\./, "");
}

/** A value of a change, for a person. */
export function valueInWords(field: SettingChange["field"], value: string | null): string {
  if (value === null || value === "") return field.startsWith("engine_settings.") ? "the usual" : "none";
  if (field === "memory_bytes") return `${fromBytes(Number(value))} MiB`;
  if (value === "true") return "yes";
  return value === "false" ? "no" : value;
}

/** What the server gets for a setting beside a person's choice; null when it is the engine's own. */
export function tunedValue(database: Database, name: string): string | null {
  return database.settings.applied_settings.find((one) => one.name === name && one.is_tuned)?.value ?? null;
}

/** The rule of a setting, in words. */
export function ruleOf(engine: EngineInfo | undefined, name: string): string | undefined {
  return engine?.settings.find((setting) => setting.name === name)?.rule;
}

/** Which field of the form a field of the request stands for; settings of the server go by their own name. */
export const FIELD_OF: Record<string, keyof SettingsDraft> = {
  external_port: "port",
  bind_address: "otherAddress",
  confirm_public: "isPublicKnown",
  memory_bytes: "memory",
  cpus: "cpus",
  description: "description",
  is_shared: "isShared",
};
