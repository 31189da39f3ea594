import type { OperationKind, StepName } from "@/lib/api";

/** What a step does, as it does it. */
const STEPS: Partial<Record<StepName, string>> = {
  reserve: "Reserve name and port",
  network: "Prepare the network",
  image: "Get the image",
  volume: "Make the volume",
  secret: "Hand over a one-time password",
  container: "Create the container",
  start: "Start the container",
  ready: "Wait until it answers a login",
  credentials: "Set the passwords",
  finish: "Write down the result",
  stop: "Stop the container",
  set_aside: "Set the old container aside",
  check_port: "Try the port that was closed",
  discard: "Remove the old container",
  remove_container: "Remove the container",
  remove_secret: "Remove the secret",
  remove_volume: "Remove the data",
  release: "Free name and port",
};

/** A step in words; one that this page does not know, by its name. */
export function stepInWords(step: StepName): string {
  return STEPS[step] ?? plain(step);
}

const KINDS: Partial<Record<OperationKind, { doing: string; done: string }>> = {
  create: { doing: "Deploying", done: "is running" },
  reattach: { doing: "Attaching the kept data of", done: "is running again" },
  start: { doing: "Starting", done: "is running" },
  stop: { doing: "Stopping", done: "is stopped" },
  restart: { doing: "Restarting", done: "is running again" },
  update: { doing: "Changing the settings of", done: "runs with its new settings" },
  recreate: { doing: "Making the container anew for", done: "is running again" },
  delete: { doing: "Deleting", done: "is deleted" },
};

/** What an operation does, and what is so when it has. */
export function kindInWords(kind: OperationKind): { doing: string; done: string } {
  return KINDS[kind] ?? { doing: `${plain(kind)}:`, done: "is done" };
}

function plain(word: string): string {
  const spaced = word.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
