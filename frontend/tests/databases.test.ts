import { describe, expect, test } from "vitest";
import { select } from "@/features/databases/filter";
import { address, externalAddress, reasonOf, shown, whyNot } from "@/features/databases/status";
import { cutAt, extend, levelOf, LINES_MAX, pick } from "@/features/databases/details/log-lines";
import type { LogFrame } from "@/lib/api";
import { find } from "@/features/palette/find";
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
    const lines = ["ERROR: a", "WARNING: b", "c"].map((text, id) => ({ id, at: null, text, isGap: false }));
    expect(pick(lines, { search: "", level: "warning" })).toHaveLength(2);
    expect(pick(lines, { search: "A", level: "error" }).map(({ text }) => text)).toEqual(["ERROR: a"]);
  });

  const frame = (at: string | null, line: string): LogFrame => ({
    type: "line",
    at,
    line,
    seq: 1,
    skipped: null,
    stream: "stderr",
  });

  test("of a connection made again come once", () => {
    const before = extend([], [frame("2026-01-01T00:00:01Z", "a"), frame("2026-01-01T00:00:02Z", "b")]);
    const after = extend(before, [
      frame("2026-01-01T00:00:01Z", "a"),
      frame("2026-01-01T00:00:02Z", "b"),
      frame("2026-01-01T00:00:02Z", "c"),
      frame("2026-01-01T00:00:03Z", "b"),
    ]);
    expect(after.map(({ text }) => text)).toEqual(["a", "b", "c", "b"]);
    expect(new Set(after.map(({ id }) => id)).size).toBe(4);
  });

  test("that are left out are told, and no more are kept than fit", () => {
    const gap: LogFrame = { ...frame(null, ""), type: "gap", line: null, skipped: 12 };
    expect(extend([], [gap])[0]).toMatchObject({ isGap: true, text: "12 lines are left out" });
    const many = Array.from({ length: LINES_MAX + 10 }, (_, index) => frame(null, `line ${index}`));
    expect(extend([], many)).toHaveLength(LINES_MAX);
  });

  test("are cut where the search is found", () => {
    expect(cutAt("Error: an error", "error")).toEqual(["", "Error", ": an ", "error", ""]);
    expect(cutAt("İstanbul", "stan").join("")).toBe("İstanbul");
    expect(cutAt("plain", "")).toEqual(["plain"]);
  });
});

test("the palette offers what begins with the word before what only has it, or its letters", () => {
  const entries = ["shop", "workshop", "s-hidden-o-p", "wiki"].map((name) => ({
    id: name,
    name,
    kind: "page",
    href: "/",
  }));
  expect(find(entries, "shop").map(({ name }) => name)).toEqual(["shop", "workshop", "s-hidden-o-p"]);
  expect(find(entries, " ")).toHaveLength(4);
  expect(find(entries, "zzz")).toEqual([]);
});
