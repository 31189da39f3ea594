/** The name, with the mark. */
export function Logo() {
  return (
    <span className="flex items-center gap-2 font-mono text-sm font-semibold tracking-[0.14em] uppercase">
      <svg
        viewBox="0 0 24 24"
        className="size-5 text-accent"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        aria-hidden
      >
        <ellipse cx="12" cy="6" rx="8" ry="3" />
        <path d="M4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3" />
      </svg>
      Stardeck
    </span>
  );
}
