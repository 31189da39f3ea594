import { describe, expect, test } from "vitest";
import {
  EMPTY,
  externalVariables,
  nameOfImage,
  problems,
  toPreview,
  toRequest,
} from "@/features/apps/create/draft";
import { shownApp, whyNotApp } from "@/features/apps/status";
import type { App } from "@/lib/api";

const draft = { ...EMPTY, image: "docker.io/library/nginx:1", name: "blog" };

test("a name comes from the image", () => {
  expect(nameOfImage("docker.io/library/nginx:1")).toBe("nginx");
  expect(nameOfImage("localhost:5000/My_App@sha256:abc")).toBe("my-app");
  expect(nameOfImage("")).toBe("");
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

  test("takes a connection string apart into variables", () => {
    const url = "postgresql://me:p%40ss@db.example:5433/shop";
    const external = { ...draft, source: "external" as const, url, prefix: "OLD" };
    expect(externalVariables(external)).toContainEqual({ name: "OLD_DB_PASSWORD", value: "p@ss" });
    expect(toRequest(external)).toMatchObject({ env: { OLD_DATABASE_URL: url, OLD_DB_PORT: "5433" } });
    expect(toRequest(external)).not.toHaveProperty("database");
    expect(problems({ ...external, url: "nonsense" }, [])).toHaveProperty("url");
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
