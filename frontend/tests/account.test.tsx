import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { NewToken } from "@/features/account/new-token";
import { Sessions } from "@/features/account/sessions";
import {
  daysOf,
  endOf,
  FIRST_LIFE,
  lastUsed,
  LIVES,
  OTHER_LIFE,
  roleOf,
  sessionsInOrder,
  stateOf,
  tokensInOrder,
  until,
} from "@/features/account/words";
import type { ApiToken, Problem, Role, Session } from "@/lib/api";
import * as calls from "@/lib/api/calls";
import { keys } from "@/lib/keys";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();

/** A token that was made and ends so many days from now. */
function token(name: string, madeDays: number, endsDays: number): ApiToken {
  return {
    id: name,
    name,
    scope: "read",
    created_at: at(madeDays * 24),
    expires_at: at(endsDays * 24),
    last_used_at: null,
  };
}

function session(id: string, changes: Partial<Session> = {}): Session {
  return {
    id,
    created_at: at(-3),
    expires_at: at(9),
    last_used_at: null,
    remote_address: "192.0.2.7",
    is_current: false,
    ...changes,
  };
}

/** Shows a part of the page to somebody of this role. */
function show(part: ReactNode, role: Role = "operator"): void {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(keys.me, { id: "01", username: "olga", role, created_at: at(0), last_login_at: null });
  render(<QueryClientProvider client={client}>{part}</QueryClientProvider>);
}

describe("the life of a token", () => {
  test("is one that is offered, or a number of days that the server takes", () => {
    expect(LIVES.map((days) => daysOf(String(days), ""))).toEqual(LIVES);
    expect(LIVES.map(String)).toContain(FIRST_LIFE);
    expect(["1", " 45 ", "3650"].map((typed) => daysOf(OTHER_LIFE, typed))).toEqual([1, 45, 3650]);
    for (const typed of ["", "0", "-3", "1.5", "3651", "a week"]) {
      expect(daysOf(OTHER_LIFE, typed), typed).toBeNull();
    }
    // What was typed before something else was chosen.
    expect(daysOf("30", "45")).toBe(30);
  });

  test("is told in one unit, to the nearest", () => {
    expect([-1, 0.001, 0.5, 11.98, 47, 24 * 89.99].map((hours) => until(at(hours), NOW))).toEqual([
      "now",
      "in 1 min",
      "in 30 min",
      "in 12 h",
      "in 47 h",
      "in 90 days",
    ]);
  });

  test("is said to end soon in its last week, and one of a week in its last quarter", () => {
    expect(stateOf(token("long", -80, 10), NOW)).toBe("good");
    expect(stateOf(token("long", -84, 6), NOW)).toBe("ending");
    expect(stateOf(token("week", -1, 6), NOW)).toBe("good");
    expect(stateOf(token("week", -6, 1), NOW)).toBe("ending");
    expect(stateOf(token("over", -7, 0), NOW)).toBe("expired");
    expect(endOf(token("long", -80, 10), NOW)).toBe("in 10 days");
    expect(endOf(token("long", -84, 6), NOW)).toBe("soon, in 6 days");
    expect(endOf(token("over", -9, -2), NOW)).toBe("expired 2 days ago");
  });
});

test("a use is told no nearer than the server writes it down", () => {
  expect(lastUsed(null, NOW)).toBe("never");
  expect(lastUsed(at(-90 / 3600), NOW)).toBe("just now");
  expect(lastUsed(at(-3), NOW)).toBe("3 h ago");
});

test("tokens that sign in are first, newest first; so is the session one is in", () => {
  const tokens = [token("old", -40, 50), token("over", -10, -3), token("new", -1, 89)];
  expect(tokensInOrder(tokens, NOW).map(({ name }) => name)).toEqual(["new", "old", "over"]);
  const sessions = [
    session("unused"),
    session("used", { last_used_at: at(-1) }),
    session("this", { is_current: true, created_at: at(-9) }),
  ];
  expect(sessionsInOrder(sessions).map(({ id }) => id)).toEqual(["this", "used", "unused"]);
});

test("a scope is what the role of the same rights may", () => {
  expect((["read", "operate", "admin"] as const).map(roleOf)).toEqual(["viewer", "operator", "admin"]);
});

describe("a new token", () => {
  const create = vi.spyOn(calls, "createToken");
  beforeEach(() => {
    create.mockReset();
  });

  const open = (role: Role) => show(<NewToken onClose={() => undefined} />, role);

  test("may no more than its owner, who is told why", () => {
    open("operator");
    const isDisabled = (name: RegExp) => screen.getByRole<HTMLInputElement>("radio", { name }).disabled;
    expect([/^read/, /^operate/, /^admin/].map(isDisabled)).toEqual([false, false, true]);
    expect(screen.getByText(/This needs the role admin; you are operator/)).toBeTruthy();
  });

  test("is asked for as it was filled in, and shown", async () => {
    const made = { token: "stardeck_abc", api_token: token("nightly backup", 0, 45) };
    create.mockResolvedValue({ data: made, response: new Response() } as never);
    const user = userEvent.setup();
    open("operator");
    await user.type(screen.getByLabelText("Name"), "nightly backup");
    await user.click(screen.getByRole("radio", { name: /^operate/ }));
    await user.selectOptions(screen.getByLabelText("Ends after"), OTHER_LIFE);
    await user.type(screen.getByLabelText("Days"), "45");
    await user.click(screen.getByRole("button", { name: "Make the token" }));
    expect(await screen.findByText("stardeck_abc")).toBeTruthy();
    expect(create.mock.calls.map(([{ body }]) => body)).toEqual([
      { name: "nightly backup", scope: "operate", expires_in_days: 45 },
    ]);
  });

  test("that is refused says so at its field, and keeps what was typed", async () => {
    const problem: Problem = {
      type: "/docs/problems/invalid_fields",
      title: "Some fields are not right",
      status: 422,
      detail: "see errors",
      code: "invalid_fields",
      errors: [{ field: "name", pointer: "/name", code: "invalid", detail: "has a control character" }],
    };
    create.mockResolvedValue({ error: problem, response: new Response(null, { status: 422 }) } as never);
    const user = userEvent.setup();
    open("viewer");
    await user.type(screen.getByLabelText("Name"), "odd");
    await user.click(screen.getByRole("button", { name: "Make the token" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Has a control character.");
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("odd");
  });
});

describe("sessions", () => {
  const list = vi.spyOn(calls, "listSessions");
  const revoke = vi.spyOn(calls, "revokeSession");
  const ended = () => revoke.mock.calls.map(([{ path }]) => path.id);
  const answer = (items: Session[]) =>
    list.mockResolvedValue({ data: { items, next_cursor: null }, response: new Response() } as never);
  const others = [session("first"), session("second", { remote_address: null })];
  beforeEach(() => {
    list.mockReset();
    revoke.mockReset();
    revoke.mockResolvedValue({ data: {}, response: new Response() } as never);
  });

  test("that are others end together, though one of them has ended meanwhile, and this one stays", async () => {
    answer([...others, session("this", { is_current: true })]);
    const gone = { type: "", title: "", status: 404, detail: "gone", code: "not_found" };
    revoke.mockResolvedValueOnce({ error: gone, response: new Response(null, { status: 404 }) } as never);
    const user = userEvent.setup();
    show(<Sessions />);
    const rows = await screen.findAllByRole("row");
    expect(within(rows[1]!).getByText("this session")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "End all others" }));
    expect((await screen.findByRole("dialog")).textContent).toContain("2 other sessions end at once");
    answer([session("this", { is_current: true })]);
    // What began since the list was read is among them.
    list.mockResolvedValueOnce({
      data: {
        items: [...others, session("third"), session("this", { is_current: true })],
        next_cursor: null,
      },
      response: new Response(),
    } as never);
    await user.click(screen.getByRole("button", { name: "End them" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(ended()).toEqual(["first", "second", "third"]);
    expect(screen.getByRole("button", { name: /End all others/ }).getAttribute("aria-disabled")).toBe("true");
  });

  test("that is this one ends by signing out only, which is said first", async () => {
    answer([session("this", { is_current: true })]);
    const logout = vi.spyOn(calls, "logout").mockReturnValue(new Promise(() => undefined) as never);
    const user = userEvent.setup();
    show(<Sessions />);
    await user.click(await screen.findByRole("button", { name: "Sign out of this session" }));
    expect((await screen.findByRole("dialog")).textContent).toContain("signs you out here");
    expect(logout).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Sign out" }));
    expect(logout).toHaveBeenCalledOnce();
    expect(ended()).toEqual([]);
  });

  test("that can not be listed leave a way to try again", async () => {
    list.mockRejectedValueOnce(new TypeError("no connection"));
    const user = userEvent.setup();
    show(<Sessions />);
    expect(screen.getByRole("status").textContent).toBe("Loading sessions …");
    const again = await screen.findByRole("button", { name: "Try again" });
    answer([session("this", { is_current: true })]);
    await user.click(again);
    expect(await screen.findByText("this session")).toBeTruthy();
  });
});
