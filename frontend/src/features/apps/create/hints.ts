// What an image says about its app, as changes of the form that are offered.
import type { Database, EngineHint, ImageLook } from "@/lib/api";
import type { AppDraft } from "./draft";

/** Something that can be taken over into the form. */
export interface Offer {
  label: string;
  change: Partial<AppDraft>;
}

/** Ways to give an app the database that it seems to want: shared ones of that type that run, and a new one. */
export function databaseOffers(
  hint: EngineHint,
  name: string,
  databases: readonly Database[],
): readonly Offer[] {
  const open = databases.filter(
    ({ type, status, is_shared }) => type === hint.type && status === "running" && is_shared,
  );
  return [
    ...open.slice(0, 2).map((database) => ({
      label: `Use ${database.name}`,
      change: { source: "existing" as const, databaseId: database.id },
    })),
    { label: `A new ${name} for it`, change: { source: "new" as const, engine: hint.type, version: "" } },
  ];
}

/** Whether the form has a database of this type already. */
export function isFulfilled(hint: EngineHint, draft: AppDraft, databases: readonly Database[]): boolean {
  if (draft.source === "new") return draft.engine === hint.type;
  if (draft.source !== "existing") return draft.source === "external";
  return databases.find(({ id }) => id === draft.databaseId)?.type === hint.type;
}

/** The ports and volumes that the image declares and the form does not have. */
export function partOffers({ ports, volumes }: ImageLook, draft: AppDraft): readonly Offer[] {
  const missingPorts = ports.filter((port) => !draft.ports.some(({ inside }) => inside === String(port)));
  const missingPaths = volumes.filter((path) => !draft.volumes.some((volume) => volume.path === path));
  return [
    ...missingPorts.map((port) => ({
      label: `Open its port ${port}`,
      change: { ports: [...draft.ports, { inside: String(port), host: "" }] },
    })),
    ...missingPaths.map((path) => ({
      label: `Keep ${path} in a volume`,
      change: { volumes: [...draft.volumes, { name: volumeName(path, draft.volumes), path }] },
    })),
  ];
}

/** A name for the volume of a path that no other one has: the path's last part. */
function volumeName(path: string, others: AppDraft["volumes"]): string {
  const last = path.split("/").filter(Boolean).at(-1) ?? "";
  const base =
    last
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "data";
  const isTaken = (name: string) => others.some((volume) => volume.name === name);
  let name = base;
  for (let number = 2; isTaken(name); number += 1) name = `${base}-${number}`;
  return name;
}
