"use client";

import { useSyncExternalStore } from "react";
import { STORED } from "./theme-script";

export type Theme = "system" | "light" | "dark";

const listeners = new Set<() => void>();

function stored(): Theme {
  try {
    const value = window.localStorage.getItem(STORED);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function apply(theme: Theme): void {
  const prefersLight = window.matchMedia("(prefers-color-scheme: light)").matches;
  document.documentElement.classList.toggle(
    "dark",
    theme === "dark" || (theme === "system" && !prefersLight),
  );
}

/** The theme that was chosen, and what chooses another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const theme = useSyncExternalStore<Theme>(subscribe, stored, () => "system");
  const choose = (next: Theme) => {
    try {
      if (next === "system") window.localStorage.removeItem(STORED);
      else window.localStorage.setItem(STORED, next);
    } catch {
      // Without a store it lasts as long as the page.
    }
    apply(next);
    listeners.forEach((listener) => listener());
  };
  return [theme, choose];
}
