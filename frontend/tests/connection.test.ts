import { describe, expect, test } from "vitest";
import { mask, maskTarget, parseTarget, shellQuote, snippetsFor } from "@/features/engines/connection";
import type { Engine } from "@/lib/api";

const HOSTILE = `a'b"c$d\`e@f:g/h?i#j%k l\\m`;
const URL_TEXT = `postgresql://ada:${encodeURIComponent(HOSTILE)}@shop:5432/shop`;
const ENGINES: Engine[] = ["postgresql", "mariadb", "mysql", "redis", "mongodb"];

describe("a connection string", () => {
  test("is taken apart and its parts decoded", () => {
    expect(parseTarget(URL_TEXT)).toMatchObject({
      user: "ada",
      password: HOSTILE,
      host: "shop",
      port: "5432",
      database: "shop",
    });
    expect(parseTarget("redis://:word@[::1]:6379/0")).toMatchObject({
      user: "",
      password: "word",
      host: "[::1]",
    });
    expect(parseTarget("mongodb://ada:x@one:27017,two:27018/shop?replicaSet=r")).toMatchObject({
      host: "one",
      port: "27017",
      database: "shop",
    });
    expect(parseTarget("no url")).toBeNull();
    expect(parseTarget("postgresql:///shop")).toBeNull();
    expect(parseTarget("postgresql://a:slash/in@h/")).toBeNull();
    expect(parseTarget("postgresql://a:%zz@h/")).toBeNull();
  });

  test("may have a password that should have been encoded", () => {
    const url = "postgresql://ada:p@ss:w@rd@shop:5432/shop";
    expect(parseTarget(url)).toMatchObject({
      user: "ada",
      password: "p@ss:w@rd",
      host: "shop",
      port: "5432",
    });
    expect(mask(url)).toBe("postgresql://ada:••••••••@shop:5432/shop");
  });

  test("is masked without a trace of its password", () => {
    expect(mask(URL_TEXT)).toBe("postgresql://ada:••••••••@shop:5432/shop");
    const target = maskTarget(parseTarget(URL_TEXT)!);
    for (const type of ENGINES) {
      const shown = snippetsFor(type, target)
        .map((snippet) => snippet.text)
        .join("\n");
      expect(shown).not.toContain(encodeURIComponent(HOSTILE));
      expect(shown).not.toContain(HOSTILE);
    }
  });

  test("has every way to use it, the string first", () => {
    for (const type of ENGINES) {
      const names = snippetsFor(type, parseTarget(URL_TEXT)!).map((snippet) => snippet.name);
      expect(names[0]).toBe("URL");
      expect(names).toEqual(expect.arrayContaining([".env", "Node", "Python", "Go", "Rust", "Java"]));
    }
  });

  test("of an engine that is not known here can be used all the same", () => {
    const snippets = snippetsFor("cockroach" as Engine, parseTarget(URL_TEXT)!);
    expect(snippets.map((snippet) => snippet.name)).toEqual(["URL", ".env"]);
  });
});

test("a word for the shell is one word whatever is in it", () => {
  expect(shellQuote("plain-1.0")).toBe("plain-1.0");
  expect(shellQuote("it's $HOME")).toBe(`'it'\\''s $HOME'`);
});
