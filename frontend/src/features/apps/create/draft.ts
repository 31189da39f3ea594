// What a person has filled in about an app that is to be deployed, and the request it becomes.
import type {
  CreateAppRequestWritable,
  DatabaseChoiceRequest,
  Delivery,
  Engine,
  PreviewRequest,
} from "@/lib/api";
import { parseTarget } from "@/features/engines/connection";
import { nameProblem } from "@/features/databases/create/draft";
import { limitProblems, toBytes, toCpus, type LimitDraft } from "@/features/databases/limits";
import { portProblem } from "@/features/databases/reach";

/** Where its database comes from. */
export type Source = "none" | "existing" | "new" | "external";

export interface AppDraft extends LimitDraft {
  image: string;
  name: string;
  /** Words with spaces between. */
  command: string;
  env: { name: string; value: string }[];
  ports: { inside: string; host: string }[];
  volumes: { name: string; path: string }[];
  source: Source;
  databaseId: string;
  /** Empty for the app's name. */
  databaseName: string;
  engine: Engine | "";
  version: string;
  url: string;
  prefix: string;
  delivery: Delivery;
  isVisibleKnown: boolean;
}

export const EMPTY: AppDraft = {
  image: "",
  name: "",
  command: "",
  env: [],
  ports: [],
  volumes: [],
  memory: "",
  cpus: "",
  source: "none",
  databaseId: "",
  databaseName: "",
  engine: "",
  version: "",
  url: "",
  prefix: "",
  delivery: "env",
  isVisibleKnown: false,
};

/** A name for an app of this image: `docker.io/library/nginx:1` makes `nginx`. */
export function nameOfImage(image: string): string {
  const last = image.split("@")[0]?.split("/").at(-1)?.split(":")[0] ?? "";
  return last
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 50);
}

export type Problems = Partial<Record<keyof AppDraft, string>>;

/** What keeps the form from being sent, by field. */
export function problems(draft: AppDraft, taken: readonly string[]): Problems {
  const found: Problems = { ...limitProblems(draft) };
  const name = nameProblem(draft.name, taken);
  if (name !== null) found.name = name.replace("There is a database of this name.", "This name is taken.");
  if (draft.image.trim() === "") found.image = "Which image?";
  const isPort = ({ inside, host }: AppDraft["ports"][number]) =>
    inside !== "" && portProblem(inside) === null && portProblem(host) === null;
  if (!draft.ports.every(isPort)) found.ports = "Ports are numbers from 1 to 65535.";
  if (!draft.env.every(({ name: one }) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(one)))
    found.env = "Names have letters, digits and _, and do not begin with a digit.";
  if (!draft.volumes.every((volume) => /^[a-z0-9-]+$/.test(volume.name) && volume.path.startsWith("/")))
    found.volumes = "A volume has a name of a to z, digits and hyphens, and a path that begins with /.";
  if (draft.source === "existing" && draft.databaseId === "") found.databaseId = "Which database?";
  if (draft.source === "new" && draft.engine === "") found.engine = "Which type?";
  if (draft.source === "external" && parseTarget(draft.url) === null)
    found.url = "This is no connection string.";
  return found;
}

/** The database it is to use, as the server is asked for it; null for none. */
export function choiceOf(draft: AppDraft): DatabaseChoiceRequest | null {
  if (draft.source === "existing" && draft.databaseId !== "")
    return {
      mode: "existing",
      database_id: draft.databaseId,
      ...(draft.databaseName === "" ? {} : { database_name: draft.databaseName }),
    };
  if (draft.source === "new" && draft.engine !== "")
    return {
      mode: "new",
      type: draft.engine,
      ...(draft.version === "" ? {} : { version: draft.version }),
      ...(draft.databaseName === "" ? {} : { database_name: draft.databaseName }),
    };
  return null;
}

/** The variables that a connection string gives, which an app gets like its own. */
export function externalVariables({ source, url, prefix }: AppDraft): AppDraft["env"] {
  const target = source === "external" ? parseTarget(url) : null;
  if (target === null) return [];
  const all = [
    ["DATABASE_URL", target.url],
    ["DB_HOST", target.host],
    ["DB_PORT", target.port],
    ["DB_USER", target.user],
    ["DB_PASSWORD", target.password],
    ["DB_NAME", target.database],
  ] as const;
  const before = prefix === "" ? "" : `${prefix}_`;
  return all
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name: `${before}${name}`, value }));
}

/** The question after the variables that it would get; null while there is nothing to ask. */
export function toPreview(draft: AppDraft): PreviewRequest | null {
  const database = choiceOf(draft);
  if (database === null || nameProblem(draft.name, []) !== null) return null;
  return {
    name: draft.name,
    database,
    delivery: draft.delivery,
    ...(draft.prefix === "" ? {} : { env_prefix: draft.prefix }),
  };
}

/** The request. What was left empty is left out, so that the server decides. */
export function toRequest(draft: AppDraft): CreateAppRequestWritable {
  const database = choiceOf(draft);
  const env = [...externalVariables(draft), ...draft.env];
  const command = draft.command.split(/\s+/).filter(Boolean);
  const limits = { memory_bytes: toBytes(draft.memory), cpu_millis: millis(draft.cpus) };
  return {
    image: draft.image.trim(),
    name: draft.name,
    ...(command.length === 0 ? {} : { command }),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env.map(({ name, value }) => [name, value])) }),
    ports: draft.ports.map(({ inside, host }) => ({
      container_port: Number(inside),
      host_port: host === "" ? 0 : Number(host),
    })),
    volumes: draft.volumes,
    ...(limits.memory_bytes === null && limits.cpu_millis === null ? {} : { limits }),
    ...(database === null
      ? {}
      : {
          database,
          delivery: draft.delivery,
          accept_visible_env: draft.isVisibleKnown,
          ...(draft.prefix === "" ? {} : { env_prefix: draft.prefix }),
        }),
  };
}

function millis(cpus: string): number | null {
  const number = toCpus(cpus);
  return number === null ? null : Math.round(number * 1000);
}

/** Which field of the form a field of the request stands for. */
export const FIELD_OF: Record<string, keyof AppDraft> = {
  image: "image",
  name: "name",
  command: "command",
  env: "env",
  ports: "ports",
  volumes: "volumes",
  limits: "memory",
  "database.database_id": "databaseId",
  "database.database_name": "databaseName",
  database_name: "databaseName",
  "database.type": "engine",
  "database.version": "version",
};
