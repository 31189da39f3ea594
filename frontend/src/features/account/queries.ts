"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { codeOf, type CreateApiTokenRequest } from "@/lib/api";
import { all } from "@/lib/api/all";
import { ask, createToken, listSessions, listTokens, revokeSession, revokeToken } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

const AGAIN_MS = 15_000;

const fetchSessions = () => all((query) => ask(listSessions({ query })));

/** The sessions of whoever is signed in. */
export function useSessions() {
  return useQuery({ queryKey: keys.sessions, queryFn: fetchSessions, refetchInterval: AGAIN_MS });
}

/** The API tokens of whoever is signed in. */
export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: () => all((query) => ask(listTokens({ query }))),
    refetchInterval: AGAIN_MS,
  });
}

function useChange<Input, Output>(
  queryKey: readonly string[],
  mutationFn: (input: Input) => Promise<Output>,
) {
  const client = useQueryClient();
  // Also after a failure, since some of it may have been done.
  return useMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey }), gcTime: 0 });
}

/** What is gone already is as good as ended. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (codeOf(error) !== "not_found") throw error;
  }
}

/** Ends a session of one's own that is not this one. */
export const useEndSession = () =>
  useChange(keys.sessions, (id: string) => unlessGone(ask(revokeSession({ path: { id } }))));

/** Ends every session of one's own but this one, those among them that began since the list was read. */
export const useEndOtherSessions = () =>
  useChange(keys.sessions, async () => {
    for (const { id, is_current } of await fetchSessions()) {
      if (!is_current) await unlessGone(ask(revokeSession({ path: { id } })));
    }
  });

/** Makes a token. It is in the answer, which is kept no longer than it is shown. */
export const useCreateToken = () =>
  useChange(keys.tokens, (body: CreateApiTokenRequest) => ask(createToken({ body })));

/** Revokes a token of one's own. */
export const useRevokeToken = () =>
  useChange(keys.tokens, (id: string) => unlessGone(ask(revokeToken({ path: { id } }))));
