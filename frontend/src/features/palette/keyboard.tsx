"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette));
const Keys = dynamic(() => import("./keys").then((module) => module.Keys));

/** What the keyboard opens from everywhere. Once on every page. */
export function Keyboard() {
  const [opened, setOpened] = useState<"palette" | "keys" | null>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        setOpened("palette");
        return;
      }
      const isTyping = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]");
      if (event.key === "?" && isTyping === null && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        setOpened("keys");
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  const close = () => setOpened(null);
  if (opened === "palette") return <Palette onClose={close} />;
  return opened === "keys" ? <Keys onClose={close} /> : null;
}
