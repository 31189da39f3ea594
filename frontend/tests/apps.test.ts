import { describe, expect, test } from "vitest";
import {
  EMPTY,
  fieldOf,
  isAllPlaced,
  nameOfImage,
  problems,
  toPreview,
  toRequest,
} from "@/features/apps/create/draft";
import { shownApp, whyNotApp } from "@/features/apps/status";
import { databaseOffers, isFulfilled, partOffers } from "@/features/apps/create/hints";
import type { App, ImageLook } from "@/lib/api";
import { database } from "./database";

const draft = { ...EMPTY, image: "docker.io/library/nginx:1", name: "blog" };

test("a name comes from the image", () => {
  expect(nameOfImage("docker.io/library/nginx:1")).toBe("nginx");
  expect(nameOfImage("localhost:5000/My_App@sha256:abc")).toBe("my-app");
  expect(nameOfImage("")).toBe("");
});

test("what the server says is shown where it belongs, and else above the form", () => {
  expect(fieldOf("ports[0].host_port")).toBe("ports");
  expect(fieldOf("limits.memory_bytes")).toBe("memory");
  expect(fieldOf("database.connection_string")).toBe("url");
  expect(fieldOf("environment")).toBeNull();
  expect(isAllPlaced({ "env.A": "…", env_prefix: "…" })).toBe(true);
  expect(isAllPlaced({ name: "…", username: "…" })).toBe(false);
  expect(isAllPlaced({})).toBe(false);
});

describe("what an image says", () => {
  const look: ImageLook = {
    image: "docker.io/acme/blog:1",
    is_present: true,
    engines: [{ type: "postgresql", reasons: ["its variable PGHOST"], variables: ["PGHOST"] }],
    env_names: ["PGHOST"],
    ports: [3000],
    volumes: ["/srv/uploads", "/var/uploads"],
  };
  const hint = look.engines[0]!;

  test("is offered with the shared databases that run, and a new one", () => {
    const databases = [
      database({ id: "d1", name: "common" }),
      database({ name: "own", is_shared: false }),
      database({ name: "down", status: "stopped" }),
      database({ name: "cache", type: "redis" }),
    ];
    const offers = databaseOffers(hint, "PostgreSQL", databases);
    expect(offers.map(({ label }) => label)).toEqual(["Use common", "A new PostgreSQL for it"]);
    expect(isFulfilled(hint, draft, databases)).toBe(false);
    expect(isFulfilled(hint, { ...draft, ...offers[0]?.change }, databases)).toBe(true);
    expect(isFulfilled(hint, { ...draft, ...offers[1]?.change }, databases)).toBe(true);
    expect(isFulfilled(hint, { ...draft, source: "existing", databaseId: "gone" }, databases)).toBe(false);
  });

  test("of ports and volumes is offered once, under names that are free", () => {
    const offers = partOffers(look, draft);
    expect(offers.map(({ label }) => label)).toEqual([
      "Open its port 3000",
      "Keep /srv/uploads in a volume",
      "Keep /var/uploads in a volume",
    ]);
    const taken = { ...draft, ...offers[0]?.change, ...offers[1]?.change };
    expect(taken.volumes).toEqual([{ name: "uploads", path: "/srv/uploads" }]);
    const rest = partOffers(look, taken);
    expect(rest.map(({ change }) => change.volumes?.at(-1))).toEqual([
      { name: "uploads-2", path: "/var/uploads" },
    ]);
    expect(problems({ ...taken, ...rest[0]?.change }, [])).toEqual({});
  });
});

describe("a request for an app", () => {
  test("without a database has none, and leaves out what was left empty", () => {
    expect(toRequest(draft)).toEqual({
      image: "docker.io/library/nginx:1",
      name: "blog",
      ports: [],
      volumes: [],
    });
    expect(toPreview(draft)).toBeNull();
  });

  test("names an existing database, or a new one's type", () => {
    const existing = { ...draft, source: "existing" as const, databaseId: "d1", prefix: "MAIN" };
    expect(toRequest(existing)).toMatchObject({
      database: { mode: "existing", database_id: "d1" },
      env_prefix: "MAIN",
    });
    const created = { ...draft, source: "new" as const, engine: "redis" as const };
    expect(toRequest(created).database).toEqual({ mode: "new", type: "redis" });
    expect(problems({ ...draft, source: "new" }, [])).toHaveProperty("engine");
  });

  test("hands a connection string on as it is, and asks for its variables", () => {
    const url = "postgresql://me:p%40ss@db.example:5433/shop";
    const external = { ...draft, source: "external" as const, url, prefix: "OLD" };
    const database = { mode: "external", connection_string: url };
    expect(toRequest(external)).toMatchObject({ database, env_prefix: "OLD", accept_visible_env: false });
    expect(toRequest(external)).not.toHaveProperty("env");
    expect(toPreview(external)).toEqual({ name: "blog", database, delivery: "env", env_prefix: "OLD" });
    expect(toRequest({ ...external, isUntestedKnown: true }).database).toEqual({
      ...database,
      accept_untested: true,
    });
    expect(problems({ ...external, url: "nonsense" }, [])).toHaveProperty("url");
    expect(toPreview({ ...external, url: "nonsense" })).toBeNull();
  });

  test("is refused before it is sent when something is no port, variable or path", () => {
    expect(problems({ ...draft, ports: [{ inside: "99999", host: "" }] }, [])).toHaveProperty("ports");
    expect(problems({ ...draft, env: [{ name: "1A", value: "" }] }, [])).toHaveProperty("env");
    expect(problems({ ...draft, volumes: [{ name: "a", path: "b" }] }, [])).toHaveProperty("volumes");
    expect(problems(draft, ["blog"])).toHaveProperty("name");
    expect(problems(draft, [])).toEqual({});
  });
});

test("an app that should run and does not is not well", () => {
  const app = { status: "running", container_state: "exited" } as App;
  expect(shownApp(app)).toEqual({ word: "exited", mood: "bad" });
  expect(shownApp({ ...app, container_state: null }).mood).toBe("gone");
  expect(whyNotApp({ ...app, container_state: "running" }, "start")).not.toBeNull();
  expect(whyNotApp({ ...app, container_state: "running" }, "stop")).toBeNull();
});
