"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  Action,
  ChangeDatabaseRequest,
  ContainerStats,
  CreateDatabaseRequestWritable,
  DataFate,
  Database,
  Engine,
  SettingsChanged,
} from "@/lib/api";
import { all } from "@/lib/api/all";
import {
  ask,
  changeDatabase,
  createDatabase,
  deleteDatabase,
  getCredentials,
  getDatabase,
  getNextPort,
  getStats,
  listDatabases,
  restartDatabase,
  startDatabase,
  stopDatabase,
} from "@/lib/api/calls";
import { keys } from "@/lib/keys";
import { isChanging } from "./status";

/** Changes are told by events (`features/events`); this is for what is no event, such as the time of the last answer. */
const [WHILE_CHANGING_MS, USUALLY_MS] = [5_000, 15_000];

/** Every managed database. */
export function useDatabases() {
  return useQuery({
    queryKey: keys.databases,
    queryFn: (): Promise<Database[]> => all((query) => ask(listDatabases({ query }))),
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

interface Removal {
  database: Database;
  data: DataFate;
  /** Whether what somebody else made is deleted all the same. */
  takesOwnership?: boolean;
}

export function useDeleteDatabase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ database, data, takesOwnership }: Removal) =>
      ask(
        deleteDatabase({
          path: { id: database.id },
          query: { data, confirm: database.name, take_ownership: takesOwnership },
        }),
      ),
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

/** Says what a change would do, without doing it. */
export function usePreviewChange({ id }: Database) {
  return useMutation({
    mutationFn: (body: ChangeDatabaseRequest) =>
      ask(changeDatabase({ path: { id }, query: { dry_run: true }, body })),
  });
}

/** Changes settings of the database as it was seen. `onDone` is told also when what asked for it is gone by then. */
export function useChangeDatabase({ id, revision }: Database, onDone: (changed: SettingsChanged) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeDatabaseRequest) =>
      ask(changeDatabase({ path: { id }, headers: { "If-Match": `"${revision}"` }, body })),
    onSuccess: (changed) => {
      client.setQueryData(keys.database(id), changed.database);
      onDone(changed);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.databases }),
  });
}

const SAMPLE_MS = 1_000;
/** An hour. */
const SAMPLES_MAX = 3_600;

/** What a database has used since the page looks at it, a measurement a second. */
export function useStats(id: string, isOn: boolean) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.stats(id),
    queryFn: async (): Promise<ContainerStats[]> => {
      const sample = await ask(getStats({ path: { id } }));
      const before = client.getQueryData<ContainerStats[]>(keys.stats(id)) ?? [];
      if (before.at(-1)?.sampled_at === sample.sampled_at) return before;
      return [...before, sample].slice(-SAMPLES_MAX);
    },
    enabled: isOn,
    refetchInterval: SAMPLE_MS,
    structuralSharing: false,
    retry: false,
  });
}
