"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask, deleteKeptVolume, listKeptVolumes } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** The data of databases that were deleted and kept it. */
export function useKept() {
  return useQuery({
    queryKey: keys.kept,
    queryFn: async () => (await ask(listKeptVolumes({ query: { limit: 1000 } }))).items,
    refetchInterval: 15_000,
  });
}

export function useDeleteKept() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      ask(deleteKeptVolume({ path: { id }, query: { confirm: name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.kept }),
  });
}
