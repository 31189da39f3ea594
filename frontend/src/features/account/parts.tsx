"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { exact } from "@/lib/format";

interface SectionProps {
  id: string;
  title: string;
  /** What is listed, within a sentence. */
  what: string;
  about: string;
  /** What can be done with all of it. */
  action: ReactNode;
  query: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  children: ReactNode;
}

/** A part of the page with a list that is asked for by itself, so that one that fails takes nothing else with it. */
export function Section({ id, title, what, about, action, query, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="mt-8">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          <p className="text-muted-foreground">{about}</p>
        </div>
        {action}
      </div>
      {query.isPending ? <Loading what={what} /> : null}
      {query.isError ? (
        <ErrorNotice
          className="mt-4"
          error={query.error}
          action={<Button onClick={() => void query.refetch()}>Try again</Button>}
        />
      ) : null}
      {children}
    </section>
  );
}

/** A column's name, and whether it is left out on a telephone, where its content stands below the first one's. */
export interface Column {
  name: string;
  isWide?: boolean;
}

/** A table whose last column is what can be done with a row. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly Column[];
  children: ReactNode;
}) {
  return (
    <div
      className="mt-4 overflow-x-auto rounded-md border bg-card"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="w-full text-left">
        <thead className="label-caps text-muted-foreground">
          <tr className="border-b">
            {columns.map(({ name, isWide }) => (
              <th key={name} className={cn("px-2.5 py-2.5 font-medium sm:px-4", isWide && "max-sm:hidden")}>
                {name}
              </th>
            ))}
            <th className="px-2.5 py-2.5 sm:px-4">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">{children}</tbody>
      </table>
    </div>
  );
}

/** A moment in words, with the exact one on hover. */
export function Time({ at, children }: { at: string; children: ReactNode }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {children}
    </time>
  );
}
