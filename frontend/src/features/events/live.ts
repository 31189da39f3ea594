"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { keepSocket, type Database, type EventFrame, type SocketState } from "@/lib/api";
import { keys } from "@/lib/keys";

/** Where the connection that tells of changes stands; all parts of the page ask here. */
let state: SocketState = "connecting";
const listeners = new Set<() => void>();

function become(next: SocketState): void {
  state = next;
  listeners.forEach((listener) => listener());
}

/** Whether the page is told of changes as they happen. */
export function useLiveState(): SocketState {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return useSyncExternalStore(
    subscribe,
    () => state,
    () => "connecting" as const,
  );
}

/** The session has ended; the page asks for another login by itself. */
const REFUSED = 1008;

/** Keeps what the page knows up to date, from the server's events. Once on every page. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    let last: Pick<EventFrame, "seq" | "epoch"> | null = null;
    const stop = keepSocket({
      path: () =>
        last === null
          ? "/api/events"
          : `/api/events?epoch=${encodeURIComponent(last.epoch)}&after=${last.seq}`,
      onMessage: (message) => {
        const frame = JSON.parse(message) as EventFrame;
        last = { seq: frame.seq, epoch: frame.epoch };
        refresh(client, frame);
      },
      onState: become,
      isFinal: (code) => code === REFUSED,
    });
    return stop;
  }, [client]);
}

/** Makes what a frame is about be asked for again; what it says itself is shown at once. */
export function refresh(client: QueryClient, frame: EventFrame): void {
  const again = (queryKey: readonly unknown[]) => void client.invalidateQueries({ queryKey });
  switch (frame.kind) {
    case "begin":
    case "resync":
      [keys.databases, keys.operations, keys.kept, keys.detected].forEach(again);
      return;
    case "database_changed":
    case "database_created":
    case "database_deleted":
      if (frame.database !== null) patch(client, frame.database);
      again(keys.databases);
      if (frame.kind === "database_deleted") again(keys.kept);
      // One that was adopted is no longer offered, one that was released is again.
      if (frame.kind !== "database_changed") again(keys.detected);
      return;
    case "operation_changed":
      again(keys.operations);
      return;
    case "detection_changed":
      again(keys.detected);
      return;
  }
}

/** Shows a new status before the list has been read again. */
function patch(client: QueryClient, change: NonNullable<EventFrame["database"]>): void {
  const changed = (database: Database) => (database.id === change.id ? { ...database, ...change } : database);
  client.setQueryData<Database[]>(keys.databases, (list) => list?.map(changed));
  client.setQueryData<Database>(keys.database(change.id), (database) => database && changed(database));
}
