"use client";

import { useEffect, useState } from "react";

/** A value once it has not changed for a while, for what is asked of the server as somebody types. */
export function useSettled<T extends string | null>(value: T, afterMs = 300): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
