// Numbers and times as people read them.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in powers of 1000, as disks and images are sold: `41 MB`. */
export function bytes(value: number): string {
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || rest >= 10 ? 0 : 1;
  return `${rest.toFixed(digits)} ${UNITS[unit]}`;
}

/** A span of time in its two largest units: `4 s`, `2 min 5 s`, `3 h 10 min`, `2 days 4 h`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(`${minutes} min`, seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(`${hours} h`, minutes % 60, "min");
  const days = Math.floor(hours / 24);
  return join(days === 1 ? "1 day" : `${days} days`, hours % 24, "h");
}

function join(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

/** How long ago, in one unit: `just now`, `12 s ago`, `3 days ago`. */
export function ago(moment: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(moment)) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

// Making one takes a hundred times as long as using it.
let exactFormat: Intl.DateTimeFormat | undefined;

/** The exact moment, in the reader's time zone. */
export function exact(moment: string): string {
  exactFormat ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  return exactFormat.format(new Date(moment));
}

/** `1 app`, `3 apps`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The same text as a sentence: with a capital in front and a stop at its end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  // An image or an address is a name, which is spelled as it is.
  const isName = /^\S*[/:.]\S/.test(trimmed);
  const first = isName ? trimmed : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?)…]$/.test(first) || first === "" ? first : `${first}.`;
}
