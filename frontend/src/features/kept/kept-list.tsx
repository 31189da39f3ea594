"use client";

import { Archive, ArchiveRestore, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { useMay } from "@/features/auth/queries";
import { EngineMark } from "@/features/engines/engine-mark";
import { useEngine } from "@/features/engines/queries";
import type { KeptVolume } from "@/lib/api";
import { bytes } from "@/lib/format";
import { useQueryState } from "@/lib/use-query-state";
import { useKept } from "./queries";
import { sizeOf } from "./size";

const DeleteKept = dynamic(() => import("./delete-kept").then((module) => module.DeleteKept));

/** The data that deleted databases left, with a way back and a way out. */
export function KeptList() {
  const { data } = useKept();
  const [going, setGoing] = useState<KeptVolume | null>(null);
  if (!data || data.length === 0) return null;
  return (
    <section aria-labelledby="kept" className="mt-10">
      <h2 id="kept" className="label-caps flex items-center gap-2 text-muted-foreground">
        <Archive className="size-4" aria-hidden /> Kept data
      </h2>
      <ul className="mt-3 divide-y rounded-md border bg-card">
        {data.map((kept) => (
          <Kept key={kept.id} kept={kept} onDelete={() => setGoing(kept)} />
        ))}
      </ul>
      {going ? <DeleteKept kept={going} onClose={() => setGoing(null)} /> : null}
    </section>
  );
}

function Kept({ kept, onDelete }: { kept: KeptVolume; onDelete: () => void }) {
  const [, setQuery] = useQueryState();
  const engine = useEngine(kept.type);
  const forbidden = useMay()("admin");
  const size = sizeOf(kept);
  const noPassword = kept.is_attachable ? null : "Its database never answered, so no password opens it.";
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3">
      <EngineMark type={kept.type} />
      <div className="min-w-40 flex-1">
        <p className="truncate font-mono font-medium">{kept.name}</p>
        <p className="text-[0.8125rem] text-muted-foreground">
          {engine?.display_name ?? kept.type} {kept.server_version ?? kept.version}
          {size === null ? "" : ` · ${bytes(size)}`} · deleted <Moment at={kept.deleted_at} />
        </p>
      </div>
      <Button
        size="sm"
        reason={forbidden ?? noPassword}
        onClick={() => setQuery({ new: kept.type, kept: kept.id })}
      >
        <ArchiveRestore aria-hidden /> Attach again
      </Button>
      <Button size="sm" variant="ghost" reason={forbidden} onClick={onDelete}>
        <Trash2 aria-hidden /> Delete for good
      </Button>
    </li>
  );
}
