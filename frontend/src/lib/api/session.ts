// Tells whoever wants to know that the server no longer knows who we are.

type Listener = () => void;

const listeners = new Set<Listener>();

/** Called when a request was refused because nobody is signed in. */
export function endSession(): void {
  listeners.forEach((listener) => listener());
}

/** Runs `listener` at each end of the session; returns what takes it off again. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
