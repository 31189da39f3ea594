"use client";

import { startTransition, useEffect, useRef, useState, type RefObject } from "react";

const MARGIN = "600px";

const waiting = new Map<Element, () => void>();
let observer: IntersectionObserver | undefined;

/** One for all, which costs less than one each. */
function observe(element: Element, onNear: () => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
    },
    { rootMargin: MARGIN },
  );
  const current = observer;
  waiting.set(element, onNear);
  current.observe(element);
  return () => {
    waiting.delete(element);
    current.unobserve(element);
  };
}

/** Whether an element has come near the screen. What begins near, or came near once, stays so. */
export function useNear<T extends Element>(beginsNear: boolean): [RefObject<T | null>, boolean] {
  const element = useRef<T>(null);
  const [isNear, setNear] = useState(beginsNear);
  useEffect(() => {
    if (isNear || element.current === null) return;
    // Not all at once: several come near in the same moment, and the screen is drawn in between.
    return observe(element.current, () => startTransition(() => setNear(true)));
  }, [isNear]);
  return [element, isNear];
}
