// What the page of an account says about sessions and API tokens, and in which order it shows them.
import type { ApiToken, Role, Session, TokenScope } from "@/lib/api";
import { ago } from "@/lib/format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What each scope lets a program do, the least first, and the role that may do the same. */
export const SCOPES: readonly { scope: TokenScope; role: Role; may: string }[] = [
  { scope: "read", role: "viewer", may: "Looks at everything but passwords and logs." },
  { scope: "operate", role: "operator", may: "Also reads logs, starts, stops and restarts." },
  { scope: "admin", role: "admin", may: "Does everything, sees passwords and people." },
];

/** The role that may do what the scope lets do. */
export function roleOf(scope: TokenScope): Role {
  // The least, should there ever be a scope that this page does not know.
  return SCOPES.find((one) => one.scope === scope)?.role ?? "viewer";
}

/** The lives of a token that are offered, in days. */
export const LIVES: readonly number[] = [7, 30, 90, 365];

/** The choice of a life that is none of those, in days that are typed. */
export const OTHER_LIFE = "other";

/** What is chosen at first: what the server takes when nothing is said. */
export const FIRST_LIFE = "90";

/** The longest life of a token, in days. */
export const DAYS_MOST = 3650;

/** The life that is chosen or typed, in days; null when it is none. */
export function daysOf(choice: string, typed: string): number | null {
  const text = (choice === OTHER_LIFE ? typed : choice).trim();
  const days = Number(text);
  return Number.isInteger(days) && days >= 1 && days <= DAYS_MOST ? days : null;
}

/** The day on which something ends that begins now and lasts so many days, in the reader's words. */
export function endDay(days: number, now: number): string {
  return new Date(now + days * DAY).toLocaleDateString(undefined, { dateStyle: "long" });
}

/** How long until then, in one unit: `in 20 min`, `in 3 h`, `in 90 days`. */
export function until(moment: string, now: number): string {
  const left = Date.parse(moment) - now;
  if (left <= 0) return "now";
  const minutes = Math.max(1, Math.round(left / MINUTE));
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(left / HOUR);
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(left / DAY)} days`;
}

/** When it was last used. The server writes it down once a minute, so that nothing nearer is known. */
export function lastUsed(moment: string | null, now: number): string {
  if (moment === null) return "never";
  return now - Date.parse(moment) < 2 * MINUTE ? "just now" : ago(moment, now);
}

/** Whether a token signs in, and for how long still. */
export type TokenState = "good" | "ending" | "expired";

const SOON = 7 * DAY;

/** Where a token stands. One that was made for a week or less is not told to end soon until a quarter of it is left. */
export function stateOf({ created_at, expires_at }: ApiToken, now: number): TokenState {
  const end = Date.parse(expires_at);
  if (end <= now) return "expired";
  const soon = Math.min(SOON, (end - Date.parse(created_at)) / 4);
  return end - now <= soon ? "ending" : "good";
}

/** When a token ends, or ended. */
export function endOf(token: ApiToken, now: number): string {
  switch (stateOf(token, now)) {
    case "good":
      return until(token.expires_at, now);
    case "ending":
      return `soon, ${until(token.expires_at, now)}`;
    case "expired":
      return `expired ${ago(token.expires_at, now)}`;
  }
}

/** Those that sign in, newest first; then those that have expired. */
export function tokensInOrder(tokens: readonly ApiToken[], now: number): ApiToken[] {
  const isOver = (token: ApiToken) => Number(stateOf(token, now) === "expired");
  return [...tokens].sort(
    (one, other) => isOver(one) - isOver(other) || Date.parse(other.created_at) - Date.parse(one.created_at),
  );
}

/** This one, and then the others, the last used first. */
export function sessionsInOrder(sessions: readonly Session[]): Session[] {
  const used = ({ last_used_at, created_at }: Session) => Date.parse(last_used_at ?? created_at);
  return [...sessions].sort(
    (one, other) => Number(other.is_current) - Number(one.is_current) || used(other) - used(one),
  );
}
