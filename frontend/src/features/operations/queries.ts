"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Operation } from "@/lib/api";
import { ask, cancelOperation, getOperation, listOperations } from "@/lib/api/calls";
import { keys } from "@/lib/keys";
import { follow, followedOf, onEnding, socketOf } from "./follow";

/** An operation, live: null until it is known. */
export function useOperation(id: string | null) {
  const row = useQuery({
    queryKey: keys.operation(id ?? ""),
    queryFn: () => ask(getOperation({ path: { id: id ?? "" } })),
    enabled: id !== null,
    staleTime: Infinity,
  });
  const operation = row.data;
  const subscribe = useCallback(
    (listener: () => void) => (operation ? follow(operation, listener) : () => undefined),
    [operation],
  );
  const followed = useSyncExternalStore(
    subscribe,
    () => (id === null ? null : followedOf(id)),
    () => null,
  );
  const socket = useSyncExternalStore(
    subscribe,
    () => (id === null ? "closed" : socketOf(id)),
    () => "closed" as const,
  );
  return { followed, socket, error: row.error };
}

/** Makes what an operation has changed be asked for again when it ends. */
export function useEndingsRefresh(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onEnding(() => {
        for (const queryKey of [keys.databases, keys.operations, keys.kept, keys.detected]) {
          void client.invalidateQueries({ queryKey });
        }
      }),
    [client],
  );
}

export function useCancelOperation() {
  return useMutation({ mutationFn: (id: string) => ask(cancelOperation({ path: { id } })) });
}

/** The operation at work on a database; null when there is none. Asked for only while `isOn`. */
export function useOperationAtWork(target: string, isOn: boolean) {
  return useQuery({
    queryKey: keys.operationsOf(target),
    queryFn: async (): Promise<Operation | null> => {
      const { items } = await ask(listOperations({ query: { target, limit: 1000 } }));
      return items.findLast((operation) => operation.finished_at === null) ?? null;
    },
    enabled: isOn,
  });
}
