"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ApiError } from "@/lib/api";

/** A server that was not reached may be restarting; what it said is not going to change. */
function isWorthARetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && error.problem === null;
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { retry: isWorthARetry, retryDelay: 800, staleTime: 2_000, networkMode: "always" },
          mutations: { networkMode: "always" },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
