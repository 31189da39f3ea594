// What an app's status means to a person.
import type { App } from "@/lib/api";
import type { Mood } from "@/features/databases/status";

const MOODS: Record<App["status"], Mood> = {
  creating: "busy",
  running: "good",
  stopped: "idle",
  changing: "busy",
  error: "bad",
  deleting: "busy",
};

/** The word for an app's state, and how it looks. One that should run and does not is not well. */
export function shownApp({ status, container_state }: Pick<App, "status" | "container_state">): {
  word: string;
  mood: Mood;
} {
  if (status === "running" && container_state === null) return { word: "missing", mood: "gone" };
  if (status === "running" && container_state !== "running")
    return { word: container_state ?? "missing", mood: "bad" };
  return { word: status, mood: MOODS[status] };
}

/** Why an action is not open now; null when it is. */
export function whyNotApp(app: App, verb: "start" | "stop" | "restart" | "delete"): string | null {
  const { status, container_state } = app;
  if (status === "creating" || status === "changing" || status === "deleting")
    return `It is ${status}; wait until that has ended.`;
  if (verb === "start" && container_state === "running") return "It runs already.";
  if (verb !== "start" && verb !== "delete" && container_state !== "running") return "It does not run.";
  return null;
}
