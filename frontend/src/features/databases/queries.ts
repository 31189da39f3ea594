"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Action, CreateDatabaseRequestWritable, DataFate, Database, Engine } from "@/lib/api";
import {
  ask,
  createDatabase,
  deleteDatabase,
  getCredentials,
  getDatabase,
  getNextPort,
  listDatabases,
  listLogs,
  restartDatabase,
  startDatabase,
  stopDatabase,
} from "@/lib/api/calls";
import { keys } from "@/lib/keys";
import { isChanging } from "./status";

const PART = 1000;
/** Changes are told by events (`features/events`); this is for what is no event, such as the time of the last answer. */
const [WHILE_CHANGING_MS, USUALLY_MS] = [5_000, 15_000];

async function allDatabases(): Promise<Database[]> {
  const all: Database[] = [];
  let cursor: string | null | undefined;
  do {
    const part = await ask(listDatabases({ query: { limit: PART, ...(cursor ? { cursor } : {}) } }));
    all.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor);
  return all;
}

/** Every managed database. */
export function useDatabases() {
  return useQuery({
    queryKey: keys.databases,
    queryFn: allDatabases,
    refetchInterval: ({ state }) => (state.data?.some(isChanging) ? WHILE_CHANGING_MS : USUALLY_MS),
  });
}

/** One database. What the list knows of it is shown until it has answered. */
export function useDatabase(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.database(id),
    queryFn: () => ask(getDatabase({ path: { id } })),
    placeholderData: () =>
      client.getQueryData<Database[]>(keys.databases)?.find((database) => database.id === id),
    refetchInterval: ({ state }) => (state.data && isChanging(state.data) ? WHILE_CHANGING_MS : USUALLY_MS),
  });
}

export function useCreateDatabase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateDatabaseRequestWritable) => ask(createDatabase({ body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.databases }),
  });
}

const CALLS = { start: startDatabase, stop: stopDatabase, restart: restartDatabase };

/** What can be done to a database without a further question. */
export type Verb = keyof typeof CALLS & Action;

export function useLifecycle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: Verb }) => ask(CALLS[verb]({ path: { id } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.databases }),
  });
}

export function useDeleteDatabase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ database, data }: { database: Database; data: DataFate }) =>
      ask(deleteDatabase({ path: { id: database.id }, query: { data, confirm: database.name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.databases }),
  });
}

/** Asks for the password and the strings that contain it. Each call is written into the audit log. */
export function useReveal(id: string) {
  return useMutation({ mutationFn: () => ask(getCredentials({ path: { id } })), gcTime: 0 });
}

/** The port that the next database of this engine would get on the host. */
export function useNextPort(type: Engine, bindAddress: string, isOn: boolean) {
  return useQuery({
    queryKey: keys.nextPort(type, bindAddress),
    queryFn: async () => (await ask(getNextPort({ query: { type, bind_address: bindAddress } }))).port,
    enabled: isOn,
    staleTime: 5_000,
    retry: false,
  });
}

/** The last lines that a database server logged. */
export function useLogs(id: string, tail: number, isOn: boolean) {
  return useQuery({
    queryKey: keys.logs(id, tail),
    queryFn: async () => (await ask(listLogs({ path: { id }, query: { tail } }))).items,
    refetchInterval: isOn ? 2_000 : false,
  });
}
