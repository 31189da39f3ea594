"use client";

import { Check, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useMay } from "@/features/auth/queries";
import { EngineMark } from "@/features/engines/engine-mark";
import { useEngines } from "@/features/engines/queries";
import type { Engine } from "@/lib/api";

const REASONS = [
  "Several apps can share one server, each with a database and a user of its own.",
  "No port conflicts: apps reach it by name over an internal network.",
  "Connection strings are ready to copy, passwords are stored encrypted.",
];

interface WelcomeProps {
  onCreate: (type: Engine | null) => void;
  onSkip: () => void;
}

/** What is seen before there is any database. */
export function Welcome({ onCreate, onSkip }: WelcomeProps) {
  const { data: engines } = useEngines();
  const may = useMay();
  const reason = may("admin");
  return (
    <section aria-labelledby="welcome" className="mx-auto mt-4 max-w-3xl rounded-md border bg-card sm:mt-8">
      <div className="p-5 sm:p-8">
        <h2 id="welcome" className="text-xl font-semibold">
          Set up your first database
        </h2>
        <p className="mt-1 text-muted-foreground">
          Many apps need one. Having it ready makes deploying them a matter of minutes.
        </p>
        <ul className="mt-6 grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {engines?.map((engine) => (
            <li key={engine.type}>
              <button
                type="button"
                aria-disabled={reason !== null || undefined}
                onClick={() => (reason === null ? onCreate(engine.type) : undefined)}
                className="flex h-full w-full items-start gap-3 rounded-md border bg-background p-3.5 text-left hover:border-accent aria-disabled:opacity-60 aria-disabled:hover:border-border"
              >
                <EngineMark type={engine.type} />
                <span className="grid gap-0.5">
                  <span className="flex flex-wrap items-center gap-x-2 font-medium">
                    {engine.display_name}
                    {engine.is_popular ? (
                      <span className="text-xs font-normal text-accent">popular</span>
                    ) : null}
                  </span>
                  <span className="text-[0.8125rem] text-muted-foreground">{engine.description}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        <h3 className="label-caps mt-7 text-muted-foreground">Why set up a database now?</h3>
        <ul className="mt-2.5 grid gap-2">
          {REASONS.map((text) => (
            <li key={text} className="flex items-start gap-2.5">
              <Check className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden />
              {text}
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-wrap justify-between gap-2 border-t px-5 py-3.5 sm:px-8">
        <Button variant="ghost" onClick={onSkip}>
          Skip for now
        </Button>
        <Button variant="primary" reason={reason} onClick={() => onCreate(null)}>
          <Plus aria-hidden /> Create database
        </Button>
      </div>
    </section>
  );
}
