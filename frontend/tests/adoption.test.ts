import { describe, expect, test } from "vitest";
import { nameProblem } from "@/features/databases/create/draft";
import { whyNotRelease } from "@/features/databases/status";
import { adoptProblem, draftFor, suggestName, toAdoption, whyNotAdopt } from "@/features/detected/adoption";
import type { DetectedDatabase } from "@/lib/api";
import { database } from "./database";

/** A server that was found, with these changes. */
function found(changes: Partial<DetectedDatabase> = {}): DetectedDatabase {
  return {
    container_id: "abc",
    container_name: "gitea-db",
    image: "docker.io/library/postgres:16",
    type: "postgresql",
    version: "16",
    flavor: null,
    confidence: "high",
    reasons: ["its image is postgres"],
    state: "running",
    ports: [],
    ...changes,
  };
}

describe("a suggested name", () => {
  test("is the container's, made one that is allowed", () => {
    expect(suggestName("gitea-db", [])).toBe("gitea-db");
    expect(suggestName("Gitea_DB.1", [])).toBe("gitea-db-1");
    expect(suggestName("__x__", [])).toBe("x");
    expect(suggestName("___", [])).toBe("database");
  });

  test("is one that nobody has", () => {
    expect(suggestName("db", ["db", "db-2"])).toBe("db-3");
  });

  test("of a container with a long name is as long as names may be, and still free", () => {
    const long = "a-container-whose-name-is-sixty-characters-long-as-some-are-x";
    const first = suggestName(long, []);
    const second = suggestName(long, [first]);
    expect(new Set([first, second]).size).toBe(2);
    for (const name of [first, second]) expect(nameProblem(name, [])).toBeNull();
    // The cut falls on a hyphen.
    expect(nameProblem(suggestName(`${"a".repeat(49)}-b`, []), [])).toBeNull();
    expect(nameProblem(suggestName("a".repeat(60), ["a".repeat(50)]), [])).toBeNull();
  });
});

describe("a request for an adoption", () => {
  test("leaves out what the container is to tell itself", () => {
    const draft = draftFor(found(), ["gitea-db"]);
    expect(toAdoption(draft)).toEqual({ name: "gitea-db-2", is_shared: true });
    expect(adoptProblem(draft, ["gitea-db"])).toBeNull();
    expect(adoptProblem({ ...draft, name: "gitea-db" }, ["gitea-db"])).not.toBeNull();
    const typed = { ...draft, name: "git", isShared: false, adminUser: "ada", adminPassword: "x" };
    expect(toAdoption(typed)).toEqual({
      name: "git",
      is_shared: false,
      admin_user: "ada",
      admin_password: "x",
    });
  });

  test("is not sent for a container that can not answer a login", () => {
    expect(whyNotAdopt(found())).toBeNull();
    expect(whyNotAdopt(found({ state: "exited" }))).toMatch(/start it first/);
    expect(whyNotAdopt(found({ state: "paused" }))).toMatch(/paused/);
    expect(whyNotAdopt(found({ state: "unknown" }))).toBeNull();
  });
});

test("an adopted one is released when its status allows it and no app would lose it", () => {
  const adopted = database({
    origin: "adopted",
    allowed_actions: ["stop", "restart", "update", "delete", "release"],
  });
  expect(whyNotRelease(adopted)).toBeNull();
  expect(whyNotRelease({ ...adopted, connection_count: 1 })).toMatch(/unlink/);
  expect(whyNotRelease({ ...adopted, status: "stopping", allowed_actions: [] })).toBe(
    "It can not be released while it is stopping.",
  );
});
