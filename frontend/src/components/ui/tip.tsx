"use client";

import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

const WIDTH = 288;
const GAP = 6;

interface Place {
  left: number;
  top: number;
  isAbove: boolean;
}

/** Says something about what it surrounds, on hover and focus. Never the only place where it is said. */
export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const show = () => {
    const box = anchor.current?.firstElementChild?.getBoundingClientRect();
    if (!box) return;
    const left = Math.max(8, Math.min(box.left + box.width / 2 - WIDTH / 2, window.innerWidth - WIDTH - 8));
    const isAbove = box.top > 80;
    setPlace({ left, top: isAbove ? box.top - GAP : box.bottom + GAP, isAbove });
  };
  const hide = () => setPlace(null);
  useEffect(() => {
    if (place === null) return;
    const onKey = (event: KeyboardEvent) => (event.key === "Escape" ? hide() : undefined);
    window.addEventListener("keydown", onKey);
    window.addEventListener("scroll", hide, true);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("scroll", hide, true);
    };
  }, [place]);
  return (
    <span
      ref={anchor}
      className="contents"
      onPointerOver={show}
      onPointerOut={hide}
      onFocus={show}
      onBlur={hide}
    >
      {children}
      {place === null
        ? null
        : createPortal(
            <span
              id={id}
              role="tooltip"
              style={{ left: place.left, top: place.top, width: WIDTH }}
              className={`pointer-events-none fixed z-60 flex justify-center ${place.isAbove ? "-translate-y-full" : ""}`}
            >
              <span className="rounded-md border border-border-strong bg-popover px-2.5 py-1.5 text-[0.8125rem] text-foreground">
                {text}
              </span>
            </span>,
            document.body,
          )}
    </span>
  );
}
