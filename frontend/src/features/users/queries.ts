"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateUserRequestWritable, Role } from "@/lib/api";
import { ask, changePassword, changeUser, createUser, deleteUser, listUsers } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

export function useUsers(isOn: boolean) {
  return useQuery({
    queryKey: keys.users,
    queryFn: async () => (await ask(listUsers({ query: { limit: 1000 } }))).items,
    enabled: isOn,
  });
}

function useUserChange<T>(change: (what: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

export const useCreateUser = () =>
  useUserChange((body: CreateUserRequestWritable) => ask(createUser({ body })));

export const useChangeRole = () =>
  useUserChange(({ id, role }: { id: string; role: Role }) =>
    ask(changeUser({ path: { id }, body: { role } })),
  );

export const useDeleteUser = () => useUserChange((id: string) => ask(deleteUser({ path: { id } })));

export const useSetPassword = () =>
  useUserChange(({ id, password }: { id: string; password: string }) =>
    ask(changePassword({ path: { id }, body: { password } })),
  );
