// What is known of an operation while it goes on: its row, changed by each frame that is sent about it.
import type { ImageProgress, Operation, OperationFrame, OperationStep, Problem } from "@/lib/api";

/** One line of an operation's log. */
export interface LogEntry {
  seq: number;
  step: OperationStep["name"] | null;
  text: string;
}

/** An operation as it is followed. */
export interface Followed {
  id: string;
  kind: Operation["kind"];
  state: Operation["state"];
  createdAt: string;
  finishedAt: string | null;
  steps: OperationStep[];
  progress: ImageProgress | null;
  log: LogEntry[];
  error: Problem | null;
  undone: boolean | null;
  isCancelRequested: boolean;
  /** The last frame that was taken in, to go on after it. */
  seq: number;
  epoch: string | null;
}

/** As many lines as are worth keeping. */
const LINES_MAX = 1000;

/** Begins with the row. */
export function begin(operation: Operation): Followed {
  return {
    id: operation.id,
    kind: operation.kind,
    state: operation.state,
    createdAt: operation.created_at,
    finishedAt: operation.finished_at,
    steps: operation.steps,
    progress: null,
    log: [],
    error: operation.error,
    undone: operation.undone,
    isCancelRequested: operation.cancel_requested_at !== null,
    seq: 0,
    epoch: null,
  };
}

/** Takes a frame in. One that was taken in before changes nothing. */
export function take(followed: Followed, frame: OperationFrame): Followed {
  const isOtherEpoch = followed.epoch !== null && frame.epoch !== followed.epoch;
  const base = isOtherEpoch ? { ...followed, log: [], progress: null, seq: 0 } : followed;
  if (frame.seq <= base.seq) return base;
  return change({ ...base, seq: frame.seq, epoch: frame.epoch }, frame);
}

function change(next: Followed, frame: OperationFrame): Followed {
  switch (frame.type) {
    case "state":
      // An end is told by the result, which says everything about it.
      return isFinal(next.state) ? next : { ...next, state: frame.state ?? next.state };
    case "step":
      return {
        ...next,
        steps: next.steps.map((step) => (step.name === frame.step ? changed(step, frame) : step)),
      };
    case "progress":
      return { ...next, progress: frame.progress };
    case "log": {
      const line = { seq: frame.seq, step: frame.step, text: frame.text ?? "" };
      return { ...next, log: [...next.log, line].slice(-LINES_MAX) };
    }
    case "cancel_requested":
      return { ...next, isCancelRequested: true };
    case "result":
      return {
        ...next,
        state: frame.state ?? next.state,
        error: frame.error,
        undone: frame.undone,
        finishedAt: frame.at,
      };
  }
}

function changed(step: OperationStep, frame: OperationFrame): OperationStep {
  const state = frame.step_state ?? step.state;
  const isRunning = state === "running";
  return {
    ...step,
    state,
    detail: frame.text ?? step.detail,
    started_at: isRunning ? frame.at : step.started_at,
    finished_at: isRunning || state === "pending" ? null : (step.finished_at ?? frame.at),
  };
}

/** Whether nothing more comes. */
export function isFinal(state: Operation["state"]): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** The step at work, with its place among those that matter. */
export function atWork(followed: Followed): { step: OperationStep; number: number; of: number } | null {
  const index = followed.steps.findIndex((step) => step.state === "running");
  const step = followed.steps[index];
  return step === undefined ? null : { step, number: index + 1, of: followed.steps.length };
}
