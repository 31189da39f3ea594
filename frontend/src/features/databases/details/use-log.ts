"use client";

import { useEffect, useRef, useState } from "react";
import { keepSocket, type LogFrame, type SocketState } from "@/lib/api";
import { extend, type Line } from "./log-lines";

const NORMAL_END = 1000;
const REFUSED = 1008;
const TAIL = 1000;

/** The log of a database server or an app, live. `isFresh` is false until the first connection has been made. */
export function useLog(of: string): { lines: readonly Line[]; socket: SocketState; isFresh: boolean } {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [socket, setSocket] = useState<SocketState>("connecting");
  const [isFresh, setFresh] = useState(false);
  const newest = useRef<string | null>(null);
  useEffect(() => {
    let waiting: LogFrame[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    // They come one by one, a thousand at first; the page is drawn once for all that are there.
    const flush = () => {
      timer = undefined;
      const frames = waiting;
      waiting = [];
      newest.current = frames.findLast(({ at }) => at !== null)?.at ?? newest.current;
      setLines((before) => extend(before, frames));
    };
    const stop = keepSocket({
      path: () => {
        const since = newest.current === null ? "" : `&since=${encodeURIComponent(newest.current)}`;
        return `${of}/logs/follow?tail=${TAIL}${since}`;
      },
      onMessage: (message) => {
        waiting.push(JSON.parse(message) as LogFrame);
        timer ??= setTimeout(flush, 100);
      },
      onState: (state) => {
        setSocket(state);
        if (state === "open") setFresh(true);
      },
      isFinal: (code) => code === NORMAL_END || code === REFUSED,
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [of]);
  return { lines, socket, isFresh };
}
