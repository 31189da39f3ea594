import { describe, expect, test } from "vitest";
import { emptyDraft, nameProblem, problems, toRequest } from "@/features/databases/create/draft";
import { generatePassword, strength } from "@/features/databases/create/strength";
import { bindAddress, isPublic } from "@/features/databases/reach";
import type { EngineInfo, KeptVolume } from "@/lib/api";

const engine = { type: "postgresql", internal_port: 5432 } as EngineInfo;
const draft = { ...emptyDraft(null), name: "shop" };

describe("a name", () => {
  test.each(["shop", "a", "0-1", "x".repeat(50)])("%s is right", (name) =>
    expect(nameProblem(name, [])).toBeNull(),
  );
  test.each(["", "Shop", "-a", "a-", "a_b", "ü", "x".repeat(51)])("%s is wrong", (name) =>
    expect(nameProblem(name, [])).not.toBeNull(),
  );
  test("that is taken is wrong", () => expect(nameProblem("shop", ["shop"])).toMatch(/this name/));
});

describe("the request", () => {
  test("leaves out what was left empty", () => {
    expect(JSON.parse(JSON.stringify(toRequest(engine, draft, null)))).toEqual({
      type: "postgresql",
      name: "shop",
      is_shared: true,
    });
  });

  test("opens a port only when it was asked for, and says that it is known to be public", () => {
    const open = { ...draft, reach: "everybody" as const, port: "5440", isPublicKnown: true };
    expect(toRequest(engine, open, null)).toMatchObject({
      expose_port: true,
      bind_address: "0.0.0.0",
      external_port: 5440,
      confirm_public: true,
    });
    expect(toRequest(engine, { ...open, reach: "host" }, null).confirm_public).toBeUndefined();
  });

  test("on kept data has no password of its own", () => {
    const kept = { id: "k1", name: "old" } as KeptVolume;
    const request = toRequest(engine, { ...draft, adminPassword: "typed before" }, kept);
    expect(request).toMatchObject({ kept_volume_id: "k1" });
    expect(request).not.toHaveProperty("admin_password");
  });
});

test("a public address has to be known as such", () => {
  expect(isPublic({ reach: "other", otherAddress: "127.0.0.2" })).toBe(false);
  expect(isPublic({ reach: "other", otherAddress: "192.168.1.4" })).toBe(true);
  expect(bindAddress(draft)).toBeNull();
  expect(problems({ ...draft, reach: "everybody" }, [])).toHaveProperty("isPublicKnown");
  expect(problems({ ...draft, reach: "host", port: "70000" }, [])).toHaveProperty("port");
  expect(problems(draft, [])).toEqual({});
});

test("passwords are judged by how hard they are to guess", () => {
  expect(strength("aaaaaaaaaaaaaaaaaaaaaaaaaaaa").word).toBe("weak");
  expect(strength("correct horse battery").word).toBe("strong");
  const made = new Set(Array.from({ length: 20 }, generatePassword));
  expect(made.size).toBe(20);
  for (const password of made) {
    expect(password).toMatch(/^[A-Za-z2-9]{24}$/);
    expect(strength(password).word).toBe("strong");
  }
});
