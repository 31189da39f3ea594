// Log lines as they are shown: how serious each is, and which fit a search.
import type { LogLine } from "@/lib/api";

export type Level = "error" | "warning" | "plain";

const ERROR = /\b(fatal|panic|error|critical|alert|emerg)\b|"s":"[EF]"/i;
const WARNING = /\b(warn|warning)\b|"s":"W"/i;

/** How serious a line is, as its own words say. */
export function levelOf(line: string): Level {
  if (ERROR.test(line)) return "error";
  return WARNING.test(line) ? "warning" : "plain";
}

export interface Wanted {
  search: string;
  level: Level;
}

/** The lines to show: serious enough, and with the search in them. */
export function pick(lines: readonly LogLine[], { search, level }: Wanted): LogLine[] {
  const needle = search.toLowerCase();
  const ranks: Record<Level, number> = { plain: 0, warning: 1, error: 2 };
  return lines.filter(
    ({ line }) =>
      ranks[levelOf(line)] >= ranks[level] && (needle === "" || line.toLowerCase().includes(needle)),
  );
}

/** All lines as a file. */
export function asFile(lines: readonly LogLine[]): string {
  return lines.map(({ at, line }) => (at === null ? line : `${at} ${line}`)).join("\n") + "\n";
}
