// What a person has filled in about an app that is to be deployed, and the request it becomes.
import type {
  CreateAppRequestWritable,
  DatabaseChoiceRequestWritable,
  Delivery,
  Engine,
  PreviewRequestWritable,
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
  /** Whether it meets the one that is there on a network of their own. */
  isAlone: boolean;
  engine: Engine | "";
  version: string;
  url: string;
  /** Whether it is known that the login of an external one can not be tried. */
  isUntestedKnown: boolean;
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
  isAlone: false,
  engine: "",
  version: "",
  url: "",
  isUntestedKnown: false,
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
    found.url = "This is no connection string: it has a scheme, :// and a host.";
  return found;
}

/** The database it is to use, as the server is asked for it; null for none. */
export function choiceOf(draft: AppDraft): DatabaseChoiceRequestWritable | null {
  if (draft.source === "existing" && draft.databaseId !== "")
    return {
      mode: "existing",
      database_id: draft.databaseId,
      ...(draft.isAlone ? { network: "own" } : {}),
      ...(draft.databaseName === "" ? {} : { database_name: draft.databaseName }),
    };
  if (draft.source === "new" && draft.engine !== "")
    return {
      mode: "new",
      type: draft.engine,
      ...(draft.version === "" ? {} : { version: draft.version }),
      ...(draft.databaseName === "" ? {} : { database_name: draft.databaseName }),
    };
  if (draft.source === "external" && parseTarget(draft.url) !== null)
    return {
      mode: "external",
      connection_string: draft.url,
      ...(draft.isUntestedKnown ? { accept_untested: true } : {}),
    };
  return null;
}

/** The question after the variables that it would get; null while there is nothing to ask. */
export function toPreview(draft: AppDraft): PreviewRequestWritable | null {
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
  const { env } = draft;
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

/** Which field of the form a field of the request, or a part of it, stands for. */
const FIELDS: Record<string, keyof AppDraft> = {
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
  "database.connection_string": "url",
};

/** Where a field of the request is shown; null when it has no place of its own. `ports[0].host_port` is with the ports. */
export function fieldOf(field: string): keyof AppDraft | null {
  const known = Object.keys(FIELDS).find(
    (name) => field === name || (/^[.[]/.test(field.slice(name.length)) && field.startsWith(name)),
  );
  return known === undefined ? null : (FIELDS[known] ?? null);
}

/** Fields that say what is wrong themselves, beside those of the form. */
const OTHERS = ["env_prefix", "accept_visible_env", "accept_untested", "database.accept_untested"];

/** Whether everything that was said about fields is shown where it belongs, so that nothing else need say it. */
export function isAllPlaced(told: Record<string, string>): boolean {
  const fields = Object.keys(told);
  return fields.length > 0 && fields.every((field) => fieldOf(field) !== null || OTHERS.includes(field));
}
