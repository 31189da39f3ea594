/** Where a connection that repairs itself stands. */
export type SocketState = "connecting" | "open" | "waiting" | "closed";

export interface SocketOptions {
  /** Path and query, asked anew for each connection, so that it can say where to go on. */
  path: () => string;
  onMessage: (text: string) => void;
  onState?: (state: SocketState) => void;
  /** Whether an end with this code is the end. Otherwise it connects again. */
  isFinal?: (code: number) => boolean;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** After this long a connection counts as good, and the next wait is short again. */
const GOOD_AFTER_MS = 5_000;

/** Keeps a WebSocket open until the function it returns is called. */
export function keepSocket(options: SocketOptions): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  let isOver = false;
  const tell = (state: SocketState) => options.onState?.(state);

  const connect = () => {
    tell("connecting");
    const opened = Date.now();
    socket = new WebSocket(urlOf(options.path()));
    socket.onopen = () => tell("open");
    socket.onmessage = ({ data }) => options.onMessage(String(data));
    socket.onclose = ({ code }) => {
      if (isOver) return;
      if (options.isFinal?.(code)) {
        tell("closed");
        return;
      }
      wait = Date.now() - opened > GOOD_AFTER_MS ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      tell("waiting");
      timer = setTimeout(connect, wait);
    };
  };
  const again = () => {
    if (isOver || socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING)
      return;
    clearTimeout(timer);
    connect();
  };
  window.addEventListener("online", again);
  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    window.removeEventListener("online", again);
    socket?.close();
  };
}

function urlOf(path: string): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
