"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { Loading } from "@/components/ui/skeleton";
import { DatabasesTab } from "@/features/databases/databases-tab";
import { cn } from "@/lib/cn";
import { useQueryState } from "@/lib/use-query-state";

const ContainersTab = dynamic(
  () => import("@/features/apps/containers-tab").then((module) => module.ContainersTab),
  { loading: () => <Loading what="containers" /> },
);

type Tab = "containers" | "databases";

const TABS: readonly { value: Tab; name: string }[] = [
  { value: "containers", name: "Containers" },
  { value: "databases", name: "Databases" },
];

/** Containers and databases beside each other. What is open in one of them is not in the other. */
export function ManagerPage() {
  const [query] = useQueryState();
  const tab: Tab = query.get("tab") === "containers" ? "containers" : "databases";
  return (
    <>
      <nav aria-label="Container manager" className="-mt-3 mb-5 flex border-b">
        {TABS.map(({ value, name }) => (
          <Link
            key={value}
            href={`/container-manager/?tab=${value}`}
            aria-current={value === tab ? "page" : undefined}
            className={cn(
              "label-caps -mb-px border-b-2 px-4 py-2.5 -outline-offset-2!",
              value === tab
                ? "border-accent text-foreground"
                : "border-transparent text-muted-foreground hover:text-foreground",
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
      {tab === "containers" ? <ContainersTab /> : <DatabasesTab />}
    </>
  );
}
