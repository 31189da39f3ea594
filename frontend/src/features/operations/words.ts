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
  connect: "Connect it to the network of the apps",
  disconnect: "Take it off that network",
  app_reserve: "Reserve the app's name and ports",
  logical_database: "Make its database",
  app_user: "Make its user",
  app_image: "Get the app's image",
  app_volumes: "Make the app's volumes",
  app_secrets: "Hand over the login",
  app_container: "Create the app's container",
  app_stop: "Stop the app",
  app_start: "Start the app",
  verify: "Try the login from the app's network",
  revoke_user: "Drop the user",
  drop_database: "Drop the database",
  app_finish: "Write down the result",
  app_remove: "Remove the app's container",
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
  adopt: { doing: "Adopting", done: "is adopted" },
  release: { doing: "Releasing", done: "is released" },
  app_create: { doing: "Deploying", done: "runs" },
  app_start: { doing: "Starting", done: "runs" },
  app_stop: { doing: "Stopping", done: "is stopped" },
  app_restart: { doing: "Restarting", done: "runs again" },
  app_delete: { doing: "Deleting", done: "is deleted" },
  link: { doing: "Linking", done: "is linked" },
  unlink: { doing: "Unlinking", done: "is unlinked" },
  rotate: { doing: "Changing the password of", done: "has its new password" },
};

/** What an operation does, and what is so when it has. */
export function kindInWords(kind: OperationKind): { doing: string; done: string } {
  return KINDS[kind] ?? { doing: `${plain(kind)}:`, done: "is done" };
}

function plain(word: string): string {
  const spaced = word.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
