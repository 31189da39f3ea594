"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AdoptDatabaseRequestWritable, AdoptionReport, Database } from "@/lib/api";
import { adoptDatabase, ask, detectDatabases, releaseDatabase } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** Database servers on the host that nobody manages yet. Only administrators may ask. */
export function useDetected(isOn: boolean) {
  return useQuery({
    queryKey: keys.detected,
    queryFn: async () => (await ask(detectDatabases({ query: { limit: 1000 } }))).items,
    enabled: isOn,
    staleTime: 10_000,
  });
}

export interface Adoption {
  /** The container. */
  container: string;
  body: AdoptDatabaseRequestWritable;
}

/** Says what an adoption finds and would change, without doing it. */
export function useExamine() {
  return useMutation({
    mutationFn: async ({ container, body }: Adoption): Promise<AdoptionReport> => {
      const path = { container_id: container };
      const answer = await ask(adoptDatabase({ path, query: { dry_run: true }, body }));
      if (!("changes" in answer)) throw new Error("the server adopted it, instead of looking at it");
      return answer;
    },
    gcTime: 0,
  });
}

export function useAdopt() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ container, body }: Adoption) => {
      const answer = await ask(adoptDatabase({ path: { container_id: container }, body }));
      if (!("operation" in answer)) throw new Error("the server only looked at it");
      return answer;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.databases }),
    gcTime: 0,
  });
}

/** Gives an adopted database back as it was. */
export function useRelease() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Database) => ask(releaseDatabase({ path: { id } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.databases }),
  });
}
