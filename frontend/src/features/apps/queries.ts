"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  App,
  CreateAppRequestWritable,
  DatabaseConnection,
  LinkRequest,
  LogicalFate,
  PreviewRequestWritable,
  UserFate,
} from "@/lib/api";
import { all } from "@/lib/api/all";
import {
  ask,
  createConnection,
  createContainer,
  deleteConnection,
  deleteContainer,
  getConnectionCredentials,
  listConnections,
  listContainers,
  previewContainer,
  restartContainer,
  rotateConnection,
  startContainer,
  stopContainer,
  suggestEngine,
  testConnection,
} from "@/lib/api/calls";
import { keys } from "@/lib/keys";
import { useSettled } from "@/lib/use-settled";

const AGAIN_MS = 5_000;

/** Every app. */
export function useApps() {
  return useQuery({
    queryKey: keys.apps,
    queryFn: (): Promise<App[]> => all((query) => ask(listContainers({ query }))),
    refetchInterval: AGAIN_MS,
  });
}

const CALLS = { start: startContainer, stop: stopContainer, restart: restartContainer };

export type AppVerb = keyof typeof CALLS;

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all(
        [keys.apps, keys.databases, keys.connections].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export const useAppLifecycle = () =>
  useChange(({ id, verb }: { id: string; verb: AppVerb }) => ask(CALLS[verb]({ path: { id } })));

export const useCreateApp = () =>
  useChange((body: CreateAppRequestWritable) => ask(createContainer({ body })));

export const useDeleteApp = () =>
  useChange(({ app, volumes }: { app: App; volumes: "keep" | "delete" }) =>
    ask(deleteContainer({ path: { id: app.id }, query: { confirm: app.name, volumes } })),
  );

/** The variables that a choice of database would give, with the password masked. */
export function usePreview(request: PreviewRequestWritable | null) {
  // Asked when nothing has been typed for a moment; a connection string is worth no question a letter.
  const settled = useSettled(request === null ? null : JSON.stringify(request));
  return useQuery({
    queryKey: keys.preview(settled ?? ""),
    queryFn: async () => {
      if (settled === null) return [];
      return (await ask(previewContainer({ body: JSON.parse(settled) as PreviewRequestWritable }))).items;
    },
    enabled: settled !== null,
    retry: false,
    placeholderData: (before) => before,
    // It may hold a password.
    gcTime: 0,
  });
}

/** Tries a database server that somebody else runs, from the network that apps are on. */
export function useTestConnection() {
  return useMutation({
    mutationFn: (url: string) => ask(testConnection({ body: { connection_string: url } })),
    // It holds a password.
    gcTime: 0,
  });
}

/** What an image says about the app in it. One that is typed half is no error. */
export function useImageLook(image: string) {
  return useQuery({
    queryKey: keys.imageLook(image),
    queryFn: () => ask(suggestEngine({ query: { image } })),
    enabled: image !== "",
    retry: false,
    staleTime: 30_000,
  });
}

/** The links of apps to a database. */
export function useConnections(database: string) {
  return useQuery({
    queryKey: keys.connectionsOf(database),
    queryFn: async () => (await ask(listConnections({ path: { id: database } }))).items,
    refetchInterval: AGAIN_MS,
  });
}

export const useLink = (database: string) =>
  useChange(async (body: LinkRequest) => {
    const answer = await ask(createConnection({ path: { id: database }, body }));
    if (!("operation" in answer)) throw new Error("the server only looked at it");
    return answer;
  });

export const useRotate = () =>
  useChange(({ id, database_id }: DatabaseConnection) =>
    ask(rotateConnection({ path: { id: database_id, cid: id } })),
  );

export interface Unlinking {
  connection: DatabaseConnection;
  user: UserFate;
  database: LogicalFate;
}

export const useUnlink = () =>
  useChange(({ connection, user, database }: Unlinking) =>
    ask(
      deleteConnection({
        path: { id: connection.database_id, cid: connection.id },
        query: {
          user,
          database,
          ...(database === "drop" ? { confirm: connection.database_name } : {}),
        },
      }),
    ),
  );

/** Asks how an app signs in. Each call is written into the audit log. */
export function useRevealConnection() {
  return useMutation({
    mutationFn: ({ id, database_id }: DatabaseConnection) =>
      ask(getConnectionCredentials({ path: { id: database_id, cid: id } })),
    gcTime: 0,
  });
}
