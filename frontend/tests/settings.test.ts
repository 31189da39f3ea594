import { describe, expect, test } from "vitest";
import {
  draftOf,
  fieldInWords,
  problemsOf,
  toChange,
  valueInWords,
} from "@/features/databases/details/settings-draft";
import { bySecond, rates } from "@/features/databases/details/samples";
import type { ContainerStats } from "@/lib/api";
import { database } from "./database";

describe("a change of settings", () => {
  const open = database({
    external_port: 5433,
    bind_address: "127.0.0.1",
    description: "for the shop",
    settings: {
      applied_settings: [],
      cpus: 1.5,
      memory_bytes: 512 * 1024 * 1024,
      engine_settings: { work_mem: "8MB", jit: "off" },
    },
  });

  test("is nothing when nothing was edited", () => {
    expect(toChange(database(), draftOf(database()))).toEqual({});
    expect(toChange(open, draftOf(open))).toEqual({});
    const everywhere = database({ external_port: 5433, bind_address: "0.0.0.0" });
    expect(toChange(everywhere, draftOf(everywhere))).toEqual({});
    expect(problemsOf(everywhere, draftOf(everywhere))).toEqual({});
  });

  test("names only what differs, and takes away with null", () => {
    const edited = {
      ...draftOf(open),
      memory: "",
      cpus: "2",
      description: " ",
      engineSettings: { jit: "off", max_connections: "50" },
    };
    expect(toChange(open, edited)).toEqual({
      memory_bytes: null,
      cpus: 2,
      description: null,
      engine_settings: { work_mem: null, max_connections: "50" },
    });
  });

  test("opens, moves and closes the port", () => {
    expect(toChange(open, { ...draftOf(open), reach: "closed" })).toEqual({ expose_port: false });
    expect(toChange(open, { ...draftOf(open), port: "5440" })).toMatchObject({ external_port: 5440 });
    const everybody = { ...draftOf(database()), reach: "everybody" as const };
    expect(problemsOf(database(), everybody)).toHaveProperty("isPublicKnown");
    expect(toChange(database(), { ...everybody, isPublicKnown: true })).toEqual({
      expose_port: true,
      bind_address: "0.0.0.0",
      confirm_public: true,
    });
  });

  test("is refused before it is sent when a limit is none", () => {
    for (const memory of ["15", "1.5", "much"])
      expect(problemsOf(open, { ...draftOf(open), memory })).toHaveProperty("memory");
    expect(problemsOf(open, { ...draftOf(open), cpus: "0" })).toHaveProperty("cpus");
    expect(problemsOf(open, { ...draftOf(open), memory: "16", cpus: "0.01" })).toEqual({});
  });

  test("is told in words", () => {
    expect(fieldInWords("engine_settings.work_mem")).toBe("work_mem");
    expect(valueInWords("memory_bytes", "536870912")).toBe("512 MiB");
    expect(valueInWords("engine_settings.jit", null)).toBe("the usual");
    expect(valueInWords("is_shared", "true")).toBe("yes");
    expect(valueInWords("external_port", null)).toBe("none");
  });
});

describe("measurements", () => {
  const sample = (second: number, cpu_cores: number | null) =>
    ({ sampled_at: new Date(second * 1000).toISOString(), cpu_cores }) as ContainerStats;

  test("stand at their seconds, and a longer pause is a gap", () => {
    const row = bySecond([sample(10, 1), sample(11, 2), sample(15, 3)], 60, ({ cpu_cores }) => cpu_cores);
    expect(row).toEqual([1, 2, null, null, null, 3]);
    expect(bySecond([sample(10, 1), sample(12, 3)], 60, ({ cpu_cores }) => cpu_cores)).toEqual([1, 1, 3]);
    expect(bySecond([sample(1, 1), sample(100, 2)], 3, ({ cpu_cores }) => cpu_cores)).toEqual([
      null,
      null,
      2,
    ]);
    expect(bySecond([], 3, ({ cpu_cores }) => cpu_cores)).toEqual([]);
  });

  test("that count up become rates, and begin anew with the container", () => {
    expect(rates([10, 15, null, 20, 5, 6])).toEqual([null, 5, null, null, null, 1]);
  });
});
