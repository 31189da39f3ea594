interface ChartProps {
  /** Oldest first; null where there was no measurement. */
  values: readonly (number | null)[];
  /** How many fit; fewer begin in the middle. */
  length: number;
  /** The top of the chart; without it, what is highest. */
  most?: number | null;
  label: string;
  className?: string;
}

const [WIDTH, HEIGHT] = [300, 48];

/** A line over time, newest at the right. A gap is a gap. */
export function Chart({ values, length, most, label, className }: ChartProps) {
  const seen = values.slice(-length);
  const known = seen.filter((value) => value !== null);
  const top = Math.max(most ?? 0, ...(most ? [] : known)) || 1;
  const first = length - seen.length;
  const x = (index: number) => ((first + index) / (length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 1 - Math.min(1, value / top) * (HEIGHT - 3);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className ?? "h-12 w-full"}
    >
      {parts(seen).map(({ from, numbers }) => {
        const points = numbers.map((value, index) => `${x(from + index).toFixed(1)},${y(value).toFixed(1)}`);
        return (
          <g key={from}>
            <polygon
              className="fill-accent/15"
              points={`${x(from).toFixed(1)},${HEIGHT} ${points.join(" ")} ${x(from + numbers.length - 1).toFixed(1)},${HEIGHT}`}
            />
            <polyline
              className="fill-none stroke-accent"
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              points={points.join(" ")}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The stretches without a gap. */
function parts(values: readonly (number | null)[]): { from: number; numbers: number[] }[] {
  const found: { from: number; numbers: number[] }[] = [];
  let current: { from: number; numbers: number[] } | null = null;
  values.forEach((value, index) => {
    if (value === null) {
      current = null;
      return;
    }
    if (current === null) found.push((current = { from: index, numbers: [] }));
    current.numbers.push(value);
  });
  return found;
}
