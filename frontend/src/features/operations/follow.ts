// Operations that are being followed, one connection each, however many parts of the page look at it.
import { keepSocket, type Operation, type OperationFrame, type SocketState } from "@/lib/api";
import { begin, isFinal, take, type Followed } from "./frames";

interface Follower {
  followed: Followed;
  socket: SocketState;
  listeners: Set<() => void>;
  stop: (() => void) | null;
}

const followers = new Map<string, Follower>();
const endings = new Set<(followed: Followed) => void>();

const NORMAL_END = 1000;
const REFUSED = 1008;

/** What is known of an operation, if it is followed. */
export function followedOf(id: string): Followed | null {
  return followers.get(id)?.followed ?? null;
}

/** Where the connection for an operation stands. */
export function socketOf(id: string): SocketState {
  return followers.get(id)?.socket ?? "closed";
}

/** Runs `listener` at each end of an operation that is followed. */
export function onEnding(listener: (followed: Followed) => void): () => void {
  endings.add(listener);
  return () => endings.delete(listener);
}

/** Follows an operation until the function it returns is called, as often as it was begun. */
export function follow(operation: Operation, listener: () => void): () => void {
  const follower = followers.get(operation.id) ?? start(operation);
  follower.listeners.add(listener);
  if (follower.stop === null && !isFinal(follower.followed.state)) connect(follower);
  // An operation that ended before anybody looked is asked for its log all the same.
  if (follower.stop === null && follower.followed.seq === 0) connect(follower);
  return () => {
    follower.listeners.delete(listener);
    if (follower.listeners.size > 0) return;
    follower.stop?.();
    follower.stop = null;
  };
}

function start(operation: Operation): Follower {
  const follower: Follower = {
    followed: begin(operation),
    socket: "connecting",
    listeners: new Set(),
    stop: null,
  };
  followers.set(operation.id, follower);
  return follower;
}

function connect(follower: Follower): void {
  const { id } = follower.followed;
  follower.stop = keepSocket({
    path: () => {
      const { seq, epoch } = follower.followed;
      const from = epoch === null ? "" : `?after=${seq}&epoch=${encodeURIComponent(epoch)}`;
      return `/api/operations/${id}/events${from}`;
    },
    onMessage: (message) => {
      const wasFinal = isFinal(follower.followed.state);
      follower.followed = take(follower.followed, JSON.parse(message) as OperationFrame);
      tell(follower);
      if (!wasFinal && isFinal(follower.followed.state))
        endings.forEach((ending) => ending(follower.followed));
    },
    onState: (state) => {
      follower.socket = state;
      tell(follower);
    },
    isFinal: (code) => code === NORMAL_END || code === REFUSED,
  });
}

function tell(follower: Follower): void {
  follower.listeners.forEach((listener) => listener());
}
