"use client";

import { useState } from "react";

/**
 * Gives what takes the focus back to where it was when something opened, for the end of a window that was opened by no
 * button of its own. A menu is gone by then, so that its button is meant.
 */
export function useReturnFocus(isOpen: boolean): (event: Event) => void {
  const [wasOpen, setWasOpen] = useState(false);
  const [origin, setOrigin] = useState<HTMLElement | null>(null);
  if (isOpen !== wasOpen) {
    setWasOpen(isOpen);
    // Before anything in the window takes the focus.
    if (isOpen) setOrigin(focused());
  }
  return (event) => {
    if (origin === null || !origin.isConnected) return;
    event.preventDefault();
    origin.focus();
  };
}

function focused(): HTMLElement | null {
  const { activeElement } = document;
  const button = activeElement?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const element = button ? document.getElementById(button) : activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}
