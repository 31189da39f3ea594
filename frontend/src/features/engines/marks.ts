// How engines are drawn: two letters in a colour of their own. An engine that is not here still gets its letters.
import type { Engine } from "@/lib/api";

interface Mark {
  letters: string;
  /** Of the colour wheel, in degrees. */
  hue: number;
}

const MARKS: Partial<Record<Engine, Mark>> = {
  postgresql: { letters: "Pg", hue: 245 },
  mariadb: { letters: "Ma", hue: 190 },
  mysql: { letters: "My", hue: 65 },
  redis: { letters: "Re", hue: 25 },
  mongodb: { letters: "Mo", hue: 145 },
};

/** The mark of an engine. */
export function markOf(type: Engine): Mark {
  return MARKS[type] ?? { letters: type.charAt(0).toUpperCase() + type.charAt(1), hue: 300 };
}
