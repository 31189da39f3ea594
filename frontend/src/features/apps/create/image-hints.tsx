"use client";

import { Lightbulb } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useDatabases } from "@/features/databases/queries";
import { useEngines } from "@/features/engines/queries";
import { sentence } from "@/lib/format";
import { useSettled } from "@/lib/use-settled";
import { useImageLook } from "../queries";
import type { AppDraft } from "./draft";
import { databaseOffers, isFulfilled, partOffers, type Offer } from "./hints";

/** As many engines as are worth naming. */
const NAMED = 2;

interface ImageHintsProps {
  draft: AppDraft;
  onChange: (change: Partial<AppDraft>) => void;
}

/** What the image says about its app, each with a button that takes it over. */
export function ImageHints({ draft, onChange }: ImageHintsProps) {
  const { data: look } = useImageLook(useSettled(draft.image.trim()));
  const databases = useDatabases().data ?? [];
  const { data: engines } = useEngines();
  if (!look) return null;
  const hints = look.engines.some((hint) => isFulfilled(hint, draft, databases))
    ? []
    : look.engines.slice(0, NAMED);
  const parts = partOffers(look, draft);
  if (hints.length === 0 && parts.length === 0) return null;
  return (
    <section
      aria-label="What the image says"
      className="grid gap-3 rounded-md border border-accent/50 bg-accent-soft px-3.5 py-3"
    >
      {hints.map((hint) => {
        const name = engines?.find(({ type }) => type === hint.type)?.display_name ?? hint.type;
        return (
          <div key={hint.type} className="grid gap-2">
            <p className="flex items-start gap-2.5">
              <Lightbulb className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden />
              <span className="min-w-0 break-words">
                <span className="font-medium">It seems to want {name}.</span>{" "}
                <span className="text-[0.8125rem]">{sentence(hint.reasons.join("; "))}</span>
              </span>
            </p>
            <Offers offers={databaseOffers(hint, name, databases)} onTake={onChange} />
          </div>
        );
      })}
      {parts.length > 0 ? <Offers offers={parts} onTake={onChange} /> : null}
    </section>
  );
}

function Offers({ offers, onTake }: { offers: readonly Offer[]; onTake: ImageHintsProps["onChange"] }) {
  return (
    <div className="flex flex-wrap gap-2">
      {offers.map(({ label, change }) => (
        <Button key={label} size="sm" className="max-w-full" onClick={() => onTake(change)}>
          <span className="truncate">{label}</span>
        </Button>
      ))}
    </div>
  );
}
