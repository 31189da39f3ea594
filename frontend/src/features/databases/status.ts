// What a database's status means to a person.
import type { Database } from "@/lib/api";

/** How a status looks: well, in motion, at rest, in trouble, or not there. */
export type Mood = "good" | "busy" | "idle" | "bad" | "gone";

export interface Shown {
  word: string;
  mood: Mood;
}

type Seen = Pick<Database, "status" | "health">;

const MOODS: Record<Database["status"], Mood> = {
  creating: "busy",
  starting: "busy",
  running: "good",
  stopping: "busy",
  stopped: "idle",
  restarting: "busy",
  paused: "idle",
  error: "bad",
  missing: "gone",
  deleting: "busy",
};

/** The word for a database's state and how it looks. One that runs without answering is not well. */
export function shown({ status, health }: Seen): Shown {
  if (status === "running" && health === "unhealthy") return { word: "unhealthy", mood: "bad" };
  return { word: status, mood: MOODS[status] };
}

/** Whether something is being done to it, so that it will look different soon. */
export function isChanging({ status }: Pick<Database, "status">): boolean {
  return MOODS[status] === "busy";
}

/** Why it is not as it should be; null when there is nothing to say. */
export function reasonOf(database: Pick<Database, "status" | "health" | "status_reason">): string | null {
  const { mood, word } = shown(database);
  if (mood === "good") return null;
  if (database.status_reason) return database.status_reason;
  if (word === "unhealthy") return "it runs, but does not answer a login";
  if (mood === "gone") return "its container is gone";
  return null;
}

const NOT_NOW: Record<string, string> = {
  start: "It can not be started while it is",
  stop: "It can not be stopped while it is",
  restart: "It can not be restarted while it is",
  delete: "It can not be deleted while it is",
  release: "It can not be released while it is",
};

/** Why an action is not open now; null when it is. Whether the person may is another question. */
export function whyNot(database: Database, action: Database["allowed_actions"][number]): string | null {
  if (database.allowed_actions.includes(action)) return null;
  return `${NOT_NOW[action] ?? "It can not be done while it is"} ${database.status}.`;
}

/** Why an adopted one can not be given back now; null when it can. */
export function whyNotRelease(database: Database): string | null {
  if (database.connection_count > 0)
    return "Apps are linked to it; unlink them first, so that they do not lose their database unnoticed.";
  return whyNot(database, "release");
}

/** Host and port in one word; an IPv6 address gets its brackets. */
export function address(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where clients on the host reach it; null when it is not exposed. */
export function externalAddress({ external_host, external_port }: Database): string | null {
  return external_host === null || external_port === null ? null : address(external_host, external_port);
}

/** Where apps on its network reach it. */
export function internalAddress({ internal_host, internal_port }: Database): string {
  return address(internal_host, internal_port);
}
