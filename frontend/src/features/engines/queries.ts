"use client";

import { useQuery } from "@tanstack/react-query";
import type { Engine, EngineInfo } from "@/lib/api";
import { ask, listEngines } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** The engines on offer. They change with the program only. */
export function useEngines() {
  return useQuery({
    queryKey: keys.engines,
    queryFn: async () => (await ask(listEngines())).items,
    staleTime: Infinity,
  });
}

/** What is known about one engine; undefined until it is. */
export function useEngine(type: Engine | null | undefined): EngineInfo | undefined {
  const { data } = useEngines();
  return data?.find((engine) => engine.type === type);
}
