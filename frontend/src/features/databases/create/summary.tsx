import type { EngineInfo, KeptVolume } from "@/lib/api";
import { bindAddress } from "../reach";
import type { Draft } from "./draft";

/** What will happen, in five lines. */
export function Summary({
  engine,
  kept,
  draft,
}: {
  engine: EngineInfo;
  kept: KeptVolume | null;
  draft: Draft;
}) {
  const name = draft.name === "" ? "…" : draft.name;
  const version = draft.version || kept?.version || engine.default_version;
  const address = bindAddress(draft);
  const image = draft.image.trim() === "" ? `${engine.display_name} ${version}` : draft.image.trim();
  const lines: [string, string][] = [
    ["Runs", image],
    ["Container", `stardeck-db-${name}`],
    ["Data", kept ? "in the kept volume, as it is" : "in a new volume of its own"],
    ["Apps reach it at", `${name}:${engine.internal_port}`],
    [
      "From outside",
      address === null ? "not at all" : `${address || "…"}, port ${draft.port || "chosen for you"}`,
    ],
  ];
  return (
    <aside aria-label="What will happen" className="h-fit rounded-md border bg-card p-4 md:sticky md:top-0">
      <h3 className="label-caps text-muted-foreground">What will happen</h3>
      <dl className="mt-3 grid gap-2.5 text-[0.8125rem]">
        {lines.map(([term, value]) => (
          <div key={term}>
            <dt className="text-muted-foreground">{term}</dt>
            <dd className="font-mono break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
