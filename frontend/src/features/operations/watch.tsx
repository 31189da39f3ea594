"use client";

import { useEffect } from "react";
import { sayProblem } from "@/lib/api";
import { useNow } from "@/lib/use-now";
import { span } from "@/lib/format";
import { note } from "@/lib/note";
import { atWork, isFinal, type Followed } from "./frames";
import { useEndingsRefresh, useOperation } from "./queries";
import { forget, useWatched, type Watched } from "./watched";
import { kindInWords, stepInWords } from "./words";

/** The notes of all operations that are watched. Once on every page. */
export function WatchedOperations() {
  useEndingsRefresh();
  const all = useWatched();
  return all.map((one) => <Note key={one.id} {...one} />);
}

function Note({ id, name }: Watched) {
  const { followed } = useOperation(id);
  const isOver = followed !== null && isFinal(followed.state);
  const now = useNow(1000, !isOver);
  useEffect(() => {
    if (followed === null) return;
    show(followed, name, now);
    if (isFinal(followed.state)) forget(id);
  }, [followed, name, id, now]);
  return null;
}

function show(followed: Followed, name: string, now: number): void {
  const { doing, done } = kindInWords(followed.kind);
  const id = followed.id;
  if (followed.state === "succeeded") {
    note("success", `${name} ${done}`, { id, description: undefined, duration: 6000 });
  } else if (followed.state === "cancelled") {
    note("info", `${doing} ${name} was cancelled`, {
      id,
      description: "Everything was taken back.",
      duration: 8000,
    });
  } else if (followed.state === "failed") {
    const description = followed.error ? sayProblem(followed.error).detail : "See the server's log.";
    note("error", `${doing} ${name} failed`, { id, description, duration: Infinity, closeButton: true });
  } else {
    const work = atWork(followed);
    const elapsed = span(now - Date.parse(followed.createdAt));
    const description = work
      ? `Step ${work.number} of ${work.of}: ${stepInWords(work.step.name)}, ${elapsed}`
      : elapsed;
    note("loading", `${doing} ${name}`, { id, description, duration: Infinity });
  }
}
