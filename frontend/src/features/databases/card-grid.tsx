"use client";

import { memo, useMemo } from "react";
import type { Database } from "@/lib/api";
import { DatabaseCard } from "./database-card";

/** As many cards as a large screen shows. */
const ON_SCREEN = 18;

/** Cards that are laid out together or not at all; whole rows of them in one, two and three columns. */
const TOGETHER = 48;

interface CardGridProps {
  databases: readonly Database[];
  onOpen: (id: string) => void;
}

/** The cards, in parts: a part that is far from the screen costs no layout, however many cards are in it. */
export function CardGrid({ databases, onOpen }: CardGridProps) {
  const parts = useMemo(
    () =>
      Array.from({ length: Math.ceil(databases.length / TOGETHER) }, (_, part) =>
        databases.slice(part * TOGETHER, (part + 1) * TOGETHER),
      ),
    [databases],
  );
  return (
    <div role="list" aria-label="Databases" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {parts.map((cards, part) => (
        <Part
          key={part}
          cards={cards}
          isFirst={part === 0}
          isWhole={cards.length === TOGETHER}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
}

interface PartProps {
  cards: readonly Database[];
  isFirst: boolean;
  /** Whether its height is that of a full part while it is not laid out. */
  isWhole: boolean;
  onOpen: (id: string) => void;
}

const Part = memo(function Part({ cards, isFirst, isWhole, onOpen }: PartProps) {
  return (
    <div
      role="presentation"
      className={`grid gap-4 sm:grid-cols-2 lg:grid-cols-3 ${isWhole ? "lazy-cards" : ""}`}
    >
      {cards.map((database, index) => (
        <DatabaseCard
          key={database.id}
          database={database}
          isFirst={isFirst && index < ON_SCREEN}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
});
