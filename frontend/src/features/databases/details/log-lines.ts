// Log lines as they are shown: how serious each is, and which fit a search.
import type { LogFrame } from "@/lib/api";

export type Level = "error" | "warning" | "plain";

/** A line as it is kept: a number of its own for as long as the page knows it. */
export interface Line {
  id: number;
  at: string | null;
  text: string;
  /** Whether it says that lines are missing, instead of being one. */
  isGap: boolean;
}

const ERROR = /\b(fatal|panic|error|critical|alert|emerg)\b|"s":"[EF]"/i;
const WARNING = /\b(warn|warning)\b|"s":"W"/i;

/** How serious a line is, as its own words say. */
export function levelOf(line: string): Level {
  if (ERROR.test(line)) return "error";
  return WARNING.test(line) ? "warning" : "plain";
}

/** As many lines as are kept. */
export const LINES_MAX = 5000;

/**
 * The lines with more of them. A connection that was made again begins with lines that are known: those are older than
 * the newest one, or as old and the same.
 */
export function extend(lines: readonly Line[], frames: readonly LogFrame[]): readonly Line[] {
  const known = new Set<string>();
  const newest = lines.findLast(({ at }) => at !== null)?.at ?? null;
  for (const line of lines) if (line.at === newest) known.add(line.text);
  let id = (lines.at(-1)?.id ?? 0) + 1;
  const more: Line[] = [];
  for (const { type, at, line, skipped } of frames) {
    if (type === "gap") {
      more.push({ id: id++, at: null, text: `${skipped ?? "Some"} lines are left out`, isGap: true });
      continue;
    }
    const isKnown =
      newest !== null && at !== null && (at < newest || (at === newest && known.has(line ?? "")));
    if (!isKnown) more.push({ id: id++, at, text: line ?? "", isGap: false });
  }
  return more.length === 0 ? lines : [...lines, ...more].slice(-LINES_MAX);
}

export interface Wanted {
  search: string;
  level: Level;
}

/** The lines to show: serious enough, and with the search in them. */
export function pick(lines: readonly Line[], { search, level }: Wanted): readonly Line[] {
  const needle = search.toLowerCase();
  if (needle === "" && level === "plain") return lines;
  const ranks: Record<Level, number> = { plain: 0, warning: 1, error: 2 };
  return lines.filter(
    ({ text }) =>
      ranks[levelOf(text)] >= ranks[level] && (needle === "" || text.toLowerCase().includes(needle)),
  );
}

/** A line cut where the search is found in it, so that every second part is a hit. */
export function cutAt(text: string, search: string): string[] {
  if (search === "") return [text];
  const [needle, whole] = [search.toLowerCase(), text.toLowerCase()];
  // Some letters change their length with their case; then places in one are none in the other.
  if (whole.length !== text.length) return [text];
  const parts: string[] = [];
  let from = 0;
  for (let at = whole.indexOf(needle); at >= 0; at = whole.indexOf(needle, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + needle.length));
    from = at + needle.length;
  }
  return [...parts, text.slice(from)];
}

/** All lines as a file. */
export function asFile(lines: readonly Line[]): string {
  return lines.map(({ at, text }) => (at === null ? text : `${at} ${text}`)).join("\n") + "\n";
}
