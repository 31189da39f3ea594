"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

type Changes = Record<string, string | null>;

/** The query of the address, and a function that changes it. `null` takes a parameter away. */
export function useQueryState(): [URLSearchParams, (changes: Changes, how?: "push" | "replace") => void] {
  const parameters = useSearchParams();
  const change = useCallback((changes: Changes, how: "push" | "replace" = "push") => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    const query = next.toString();
    const url = `${window.location.pathname}${query === "" ? "" : `?${query}`}`;
    if (how === "push") window.history.pushState(null, "", url);
    else window.history.replaceState(null, "", url);
  }, []);
  return [parameters, change];
}
