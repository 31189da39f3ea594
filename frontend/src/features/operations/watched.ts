"use client";

// Operations that are followed to their end by a note in the corner.

import { useSyncExternalStore } from "react";
import { dropNote } from "@/lib/note";

/** An operation with what its note calls it. */
export interface Watched {
  id: string;
  name: string;
}

let watched: readonly Watched[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Watched[]): void {
  watched = next;
  listeners.forEach((listener) => listener());
}

/** Follows an operation with a note in the corner, to its end, wherever the person goes in the meantime. */
export function watch(id: string, name: string): void {
  if (!watched.some((other) => other.id === id)) set([...watched, { id, name }]);
}

/** Takes the note away, because the page shows the operation itself. */
export function unwatch(id: string): void {
  dropNote(id);
  set(watched.filter((other) => other.id !== id));
}

/** All that are watched. */
export function useWatched(): readonly Watched[] {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return useSyncExternalStore(
    subscribe,
    () => watched,
    () => watched,
  );
}

/** Takes one off whose end was told; its note stays. */
export function forget(id: string): void {
  set(watched.filter((other) => other.id !== id));
}
