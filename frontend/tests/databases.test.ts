import { describe, expect, test } from "vitest";
import { select } from "@/features/databases/filter";
import { address, externalAddress, reasonOf, shown, whyNot } from "@/features/databases/status";
import { levelOf, pick } from "@/features/databases/details/log-lines";
import { database } from "./database";

describe("what is shown of a database", () => {
  test("one that runs without answering is not well", () => {
    const ill = database({ health: "unhealthy" });
    expect(shown(ill)).toEqual({ word: "unhealthy", mood: "bad" });
    expect(reasonOf(ill)).toMatch(/does not answer/);
    expect(reasonOf(database())).toBeNull();
  });

  test("the server's reason comes before ours", () => {
    expect(reasonOf(database({ status: "error", status_reason: "exit 132" }))).toBe("exit 132");
  });

  test("an action that is not allowed says why", () => {
    expect(whyNot(database(), "stop")).toBeNull();
    expect(whyNot(database(), "start")).toBe("It can not be started while it is running.");
  });

  test("an IPv6 address gets brackets", () => {
    expect(address("::1", 5432)).toBe("[::1]:5432");
    expect(externalAddress(database())).toBeNull();
    expect(externalAddress(database({ external_host: "127.0.0.1", external_port: 5433 }))).toBe(
      "127.0.0.1:5433",
    );
  });
});

describe("the list of databases", () => {
  const list = [
    database({ name: "db10", type: "redis" }),
    database({ name: "db2", created_at: "2026-02-01T00:00:00Z" }),
    database({ name: "wiki", status: "error" }),
  ];
  const names = (filter: Partial<Parameters<typeof select>[1]>) =>
    select(list, { search: "", type: "", order: "name", ...filter }).map(({ name }) => name);

  test("is ordered as people count", () => {
    expect(names({})).toEqual(["db2", "db10", "wiki"]);
    expect(names({ order: "status" })).toEqual(["wiki", "db2", "db10"]);
    expect(names({ order: "newest" })[0]).toBe("db2");
  });

  test("is narrowed by type and by every word of the search", () => {
    expect(names({ type: "redis" })).toEqual(["db10"]);
    expect(names({ search: "DB post" })).toEqual(["db2"]);
    expect(names({ search: "nothing" })).toEqual([]);
  });
});

describe("log lines", () => {
  test("say themselves how serious they are", () => {
    expect(levelOf("2026-01-01 FATAL:  password authentication failed")).toBe("error");
    expect(levelOf('{"t":{},"s":"W","c":"CONTROL"}')).toBe("warning");
    expect(levelOf("[Warning] Aborted connection")).toBe("warning");
    expect(levelOf("database system is ready to accept connections")).toBe("plain");
  });

  test("are picked by level and search", () => {
    const lines = ["ERROR: a", "WARNING: b", "c"].map((line) => ({
      at: null,
      line,
      stream: "stderr" as const,
    }));
    expect(pick(lines, { search: "", level: "warning" })).toHaveLength(2);
    expect(pick(lines, { search: "A", level: "error" }).map(({ line }) => line)).toEqual(["ERROR: a"]);
  });
});
