"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { codeOf, type LoginRequestWritable, type Role, type SetupRequestWritable } from "@/lib/api";
import { ask, changePassword, completeSetup, getMe, getSetup, login, logout } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** Whether the first administrator is still to be made. */
export function useSetup() {
  return useQuery({ queryKey: keys.setup, queryFn: () => ask(getSetup()) });
}

/** Who is signed in; null when nobody is. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: async () => {
      try {
        return await ask(getMe());
      } catch (error) {
        if (codeOf(error) === "unauthenticated") return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LoginRequestWritable) => ask(login({ body })),
    onSuccess: ({ user }) => client.setQueryData(keys.me, user),
  });
}

export function useLogout() {
  return useMutation({
    mutationFn: () => ask(logout()),
    // A whole new page, so that nothing of the session stays in memory.
    onSuccess: () => window.location.assign("/login/"),
  });
}

/** Makes the first administrator and signs them in. */
export function useCompleteSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: SetupRequestWritable) => {
      await ask(completeSetup({ body }));
      const { user } = await ask(login({ body: { username: body.username, password: body.password } }));
      return user;
    },
    onSuccess: (user) => client.setQueryData(keys.me, user),
  });
}

export function useChangeOwnPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, current, next }: { id: string; current: string; next: string }) =>
      ask(changePassword({ path: { id }, body: { current_password: current, password: next } })),
    // The other sessions have ended with the old one.
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
  });
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Gives, for a role that something needs, why the person may not do it; null when they may. */
export function useMay(): (needed: Role) => string | null {
  const { data: me } = useMe();
  return (needed) => {
    if (me && RANK[me.role] >= RANK[needed]) return null;
    return `This needs the role ${needed}; you are ${me?.role ?? "not signed in"}.`;
  };
}
