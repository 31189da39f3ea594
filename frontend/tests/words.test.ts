import { describe, expect, test } from "vitest";
import { safeNext } from "@/features/auth/next-page";
import { tokenIn } from "@/features/auth/setup-form";
import { ApiError, codeOf, fieldErrors, say, type Problem } from "@/lib/api";
import { ago, bytes, count, sentence, span } from "@/lib/format";

test("a text becomes a sentence, and names in front are spelled as they are", () => {
  expect(sentence("it does not run")).toBe("It does not run.");
  expect(sentence(" Is it so? ")).toBe("Is it so?");
  expect(sentence("docker.io/library/redis:7 is not here")).toBe("docker.io/library/redis:7 is not here.");
  expect(sentence("http://shop/ leads nowhere")).toBe("http://shop/ leads nowhere.");
  expect(sentence("")).toBe("");
});

describe("numbers and times", () => {
  test("are short", () => {
    expect([0, 999, 1500, 43_908_608, 2e9].map(bytes)).toEqual(["0 B", "999 B", "1.5 kB", "44 MB", "2.0 GB"]);
    expect([400, 65_000, 3_600_000, 187_200_000].map(span)).toEqual([
      "0 s",
      "1 min 5 s",
      "1 h",
      "2 days 4 h",
    ]);
    expect(count(1, "app")).toBe("1 app");
    expect(count(3, "app")).toBe("3 apps");
  });

  test("are told from now", () => {
    const now = Date.parse("2026-01-03T00:00:00Z");
    expect(ago("2026-01-02T23:59:58Z", now)).toBe("just now");
    expect(ago("2026-01-02T00:00:00Z", now)).toBe("yesterday");
    // A clock that is behind is no reason to say something silly.
    expect(ago("2026-01-03T00:00:05Z", now)).toBe("just now");
  });
});

describe("an error", () => {
  const problem: Problem = {
    type: "/docs/problems/invalid_fields",
    title: "Some fields are not right",
    status: 422,
    detail: "see errors",
    code: "invalid_fields",
    errors: [{ field: "name", pointer: "/name", code: "invalid_name", detail: "use lower-case letters" }],
    request_id: "r1",
  };

  test("of the server is put in the server's words", () => {
    const error = new ApiError(problem);
    expect(say(error)).toEqual({ title: problem.title, detail: "See errors.", requestId: "r1" });
    expect(codeOf(error)).toBe("invalid_fields");
    expect(fieldErrors(error)).toEqual({ name: "Use lower-case letters." });
  });

  test("without an answer says that nothing was lost", () => {
    expect(say(new ApiError(null)).detail).toMatch(/Nothing was lost/);
    expect(fieldErrors(new Error("x"))).toEqual({});
  });
});

test("after the login one comes back to a page of ours only", () => {
  expect(safeNext("?next=%2Fusers%2F")).toBe("/users/");
  for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", ""]) {
    expect(safeNext(`?next=${encodeURIComponent(next)}`)).toBe("/container-manager/?tab=databases");
  }
});

test("the token is read from the fragment", () => {
  expect(tokenIn("#token=abc")).toBe("abc");
  expect(tokenIn("")).toBe("");
});
