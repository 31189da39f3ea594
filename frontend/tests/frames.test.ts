import { describe, expect, test } from "vitest";
import { atWork, begin, take } from "@/features/operations/frames";
import type { Operation, OperationFrame } from "@/lib/api";

const step = (name: Operation["steps"][number]["name"]): Operation["steps"][number] => ({
  name,
  state: "pending",
  detail: null,
  started_at: null,
  finished_at: null,
});

const operation: Operation = {
  id: "o1",
  kind: "create",
  state: "queued",
  target: "d1",
  target_type: "database",
  steps: [step("reserve"), step("image"), step("start")],
  created_at: "2026-01-01T00:00:00Z",
  finished_at: null,
  cancel_requested_at: null,
  requested_by: null,
  error: null,
  undone: null,
};

function frame(seq: number, changes: Partial<OperationFrame>): OperationFrame {
  return {
    seq,
    epoch: "e1",
    at: `2026-01-01T00:00:0${seq}Z`,
    type: "state",
    state: null,
    step: null,
    step_state: null,
    text: null,
    progress: null,
    error: null,
    undone: null,
    ...changes,
  };
}

const running = frame(2, { type: "step", step: "image", step_state: "running" });

describe("an operation that is followed", () => {
  test("shows the step at work with its place", () => {
    const followed = take(take(begin(operation), frame(1, { state: "running" })), running);
    expect(followed.state).toBe("running");
    expect(atWork(followed)).toMatchObject({
      number: 2,
      of: 3,
      step: { name: "image", started_at: running.at },
    });
  });

  test("takes no frame twice", () => {
    const line = frame(3, { type: "log", step: "image", text: "pulling" });
    const once = take(begin(operation), line);
    expect(take(once, line)).toBe(once);
    expect(once.log).toEqual([{ seq: 3, step: "image", text: "pulling" }]);
  });

  test("begins anew in another epoch", () => {
    const before = take(begin(operation), frame(9, { type: "log", text: "old" }));
    const after = take(before, { ...frame(1, { type: "log", text: "new" }), epoch: "e2" });
    expect(after.log.map((line) => line.text)).toEqual(["new"]);
    expect([after.seq, after.epoch]).toEqual([1, "e2"]);
  });

  test("ends with the result and stays ended", () => {
    const ended = take(begin(operation), frame(4, { type: "result", state: "failed", undone: true }));
    expect(ended).toMatchObject({ state: "failed", undone: true, finishedAt: "2026-01-01T00:00:04Z" });
    expect(take(ended, frame(5, { state: "running" })).state).toBe("failed");
  });

  test("notes when a step ended and why", () => {
    const failed = frame(3, { type: "step", step: "image", step_state: "failed", text: "no such image" });
    const followed = take(take(begin(operation), running), failed);
    expect(followed.steps[1]).toMatchObject({
      state: "failed",
      detail: "no such image",
      finished_at: failed.at,
    });
    expect(atWork(followed)).toBeNull();
  });
});
