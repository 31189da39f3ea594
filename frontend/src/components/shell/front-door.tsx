import type { ReactNode } from "react";
import { Logo } from "./logo";

/** The frame of the pages before one is signed in. */
export function FrontDoor({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="w-full max-w-sm rounded-md border bg-card p-6 sm:p-8">
        <Logo />
        <h1 className="mt-6 mb-5 text-xl font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
