"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ask, listAudit } from "@/lib/api/calls";
import { keys } from "@/lib/keys";

/** The audit log, newest first, part by part. */
export function useAudit(isOn: boolean) {
  return useInfiniteQuery({
    queryKey: keys.audit,
    queryFn: ({ pageParam }) =>
      ask(listAudit({ query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    enabled: isOn,
  });
}
