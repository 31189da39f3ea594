"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateLogicalDatabaseRequest, CreateLogicalUserRequestWritable } from "@/lib/api";
import {
  ask,
  createLogicalDatabase,
  createLogicalUser,
  deleteLogicalDatabase,
  deleteLogicalUser,
  getUserCredentials,
  listLogicalDatabases,
  listLogicalUsers,
} from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** How often what clients do inside is looked at anew. */
const AGAIN_MS = 10_000;

/** The databases inside a managed database, which answers while it runs. */
export function useLogicalDatabases(id: string, isOn: boolean) {
  return useQuery({
    queryKey: keys.logicalDatabases(id),
    queryFn: async () => (await ask(listLogicalDatabases({ path: { id } }))).items,
    enabled: isOn,
    refetchInterval: AGAIN_MS,
  });
}

/** The users inside a managed database, which answers while it runs. */
export function useLogicalUsers(id: string, isOn: boolean) {
  return useQuery({
    queryKey: keys.logicalUsers(id),
    queryFn: async () => (await ask(listLogicalUsers({ path: { id } }))).items,
    enabled: isOn,
    refetchInterval: AGAIN_MS,
  });
}

function useChange<Input, Output>(id: string, mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => client.invalidateQueries({ queryKey: keys.inside(id) }),
  });
}

export const useCreateLogicalDatabase = (id: string) =>
  useChange(id, (body: CreateLogicalDatabaseRequest) => ask(createLogicalDatabase({ path: { id }, body })));

export const useDeleteLogicalDatabase = (id: string) =>
  useChange(id, (name: string) =>
    ask(deleteLogicalDatabase({ path: { id, name }, query: { confirm: name } })),
  );

export const useCreateLogicalUser = (id: string) =>
  useChange(id, (body: CreateLogicalUserRequestWritable) => ask(createLogicalUser({ path: { id }, body })));

export const useDeleteLogicalUser = (id: string) =>
  useChange(id, (name: string) => ask(deleteLogicalUser({ path: { id, name }, query: { confirm: name } })));

/** Asks how a user signs in. Each call is written into the audit log. */
export function useRevealUser(id: string) {
  return useMutation({
    mutationFn: (name: string) => ask(getUserCredentials({ path: { id, name } })),
    gcTime: 0,
  });
}
