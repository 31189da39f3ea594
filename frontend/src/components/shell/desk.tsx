"use client";

import { Suspense, type ReactNode } from "react";
import { Loading } from "@/components/ui/skeleton";
import { useLiveUpdates } from "@/features/events/live";
import { Keyboard } from "@/features/palette/keyboard";
import { WatchedOperations } from "@/features/operations/watch";
import { SessionGate } from "@/features/auth/session-gate";
import { Header } from "./header";

/** Below the gate, since only those who are signed in are told. */
function Live() {
  useLiveUpdates();
  return null;
}

export function Desk({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <Live />
      <Header />
      <WatchedOperations />
      <Keyboard />
      <main id="content" className="mx-auto w-full max-w-7xl px-4 py-5 sm:px-6 sm:py-7">
        <Suspense fallback={<Loading what="the page" />}>{children}</Suspense>
      </main>
    </SessionGate>
  );
}
