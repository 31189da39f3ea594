"use client";

import { Plus, Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { DetectedBar } from "@/features/detected/detected-bar";
import { useEngines } from "@/features/engines/queries";
import { KeptList } from "@/features/kept/kept-list";
import type { Engine } from "@/lib/api";
import { count } from "@/lib/format";
import { useQueryState } from "@/lib/use-query-state";
import { CardGrid } from "./card-grid";
import { select, type Order } from "./filter";
import { useDatabases } from "./queries";
import { Welcome } from "./welcome";

const CreateDialog = dynamic(() => import("./create/create-dialog").then((module) => module.CreateDialog));
const AdoptDialog = dynamic(() =>
  import("@/features/detected/adopt-dialog").then((module) => module.AdoptDialog),
);
const DetailsSheet = dynamic(() => import("./details/details-sheet").then((module) => module.DetailsSheet));

const SKIPPED = "stardeck-welcome-skipped";

export function DatabasesTab() {
  const [query, setQuery] = useQueryState();
  const databases = useDatabases();
  const may = useMay();
  const [isSkipped, setSkipped] = useState(() => window.sessionStorage.getItem(SKIPPED) !== null);
  const open = useCallback((id: string) => setQuery({ db: id, view: null }), [setQuery]);
  const create = useCallback((type: Engine | null) => setQuery({ new: type ?? "database" }), [setQuery]);
  const skip = () => {
    window.sessionStorage.setItem(SKIPPED, "yes");
    setSkipped(true);
  };
  const [openId, created, adopted] = [query.get("db"), query.get("new"), query.get("adopt")];
  const isEmpty = databases.data?.length === 0;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">Managed databases</h1>
          <p className="text-muted-foreground">
            Database servers for your apps, each in a container of its own.
          </p>
        </div>
        <Button variant="primary" reason={may("admin")} onClick={() => create(null)}>
          <Plus aria-hidden /> New database
        </Button>
      </div>
      <DetectedBar />
      {databases.isPending ? <Loading what="databases" /> : null}
      {databases.isError ? (
        <ErrorNotice
          className="mt-5"
          error={databases.error}
          action={<Button onClick={() => void databases.refetch()}>Try again</Button>}
        />
      ) : null}
      {isEmpty && !isSkipped ? <Welcome onCreate={create} onSkip={skip} /> : null}
      {isEmpty && isSkipped ? (
        <p className="mt-8 rounded-md border border-dashed p-8 text-center text-muted-foreground">
          There is no database yet.
        </p>
      ) : null}
      {databases.data && !isEmpty ? <Grid databases={databases.data} onOpen={open} /> : null}
      <KeptList />
      {created !== null ? (
        <CreateDialog key={created} wanted={created} onClose={() => setQuery({ new: null, kept: null })} />
      ) : null}
      {adopted !== null ? <AdoptDialog wanted={adopted} onClose={() => setQuery({ adopt: null })} /> : null}
      {openId !== null ? (
        <DetailsSheet key={openId} id={openId} onClose={() => setQuery({ db: null, view: null })} />
      ) : null}
    </>
  );
}

interface GridProps {
  databases: NonNullable<ReturnType<typeof useDatabases>["data"]>;
  onOpen: (id: string) => void;
}

function Grid({ databases, onOpen }: GridProps) {
  const [query, setQuery] = useQueryState();
  const [search, setSearch] = useState(query.get("q") ?? "");
  const [type, order] = [(query.get("type") ?? "") as Engine | "", (query.get("sort") ?? "name") as Order];
  const wanted = useDeferredValue(search);
  const found = useMemo(
    () => select(databases, { search: wanted, type, order }),
    [databases, wanted, type, order],
  );
  const { data: engines } = useEngines();
  const searchBox = useSlashKey();
  return (
    <>
      <div className="my-5 flex flex-wrap gap-2">
        <div className="relative min-w-40 flex-1 max-sm:basis-full sm:max-w-xs">
          <Search className="absolute top-2.5 left-3 size-4 text-muted-foreground" aria-hidden />
          <Input
            ref={searchBox}
            type="search"
            aria-label="Search databases"
            aria-keyshortcuts="/"
            placeholder="Search  /"
            className="pl-9"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setQuery({ q: event.target.value }, "replace");
            }}
          />
        </div>
        <Select
          aria-label="Type"
          className="w-auto max-sm:flex-1"
          value={type}
          onChange={(event) => setQuery({ type: event.target.value }, "replace")}
        >
          <option value="">All types</option>
          {engines?.map((engine) => (
            <option key={engine.type} value={engine.type}>
              {engine.display_name}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Order"
          className="w-auto max-sm:flex-1"
          value={order}
          onChange={(event) =>
            setQuery({ sort: event.target.value === "name" ? null : event.target.value }, "replace")
          }
        >
          <option value="name">By name</option>
          <option value="status">Trouble first</option>
          <option value="newest">Newest first</option>
        </Select>
      </div>
      <p
        role="status"
        className={found.length === databases.length ? "sr-only" : "mb-3 text-muted-foreground"}
      >
        {found.length === databases.length
          ? count(databases.length, "database")
          : `${found.length} of ${databases.length} databases`}
      </p>
      <CardGrid databases={found} onOpen={onOpen} />
    </>
  );
}

/** `/` leads to the search, unless something is being typed. */
function useSlashKey() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest(
        "input, textarea, select, [contenteditable], [role=dialog]",
      );
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return box;
}
