// Notes in the corner. Their code is fetched with the first one.
import type { ExternalToast } from "sonner";

export type NoteKind = "success" | "info" | "error" | "loading";

/** Shows a note, or changes the one of the same id. */
export function note(kind: NoteKind, title: string, more: ExternalToast = {}): void {
  void import("@/components/ui/notes").then(({ showNote }) => showNote(kind, title, more));
}

/** Takes a note away. */
export function dropNote(id: string): void {
  void import("@/components/ui/notes").then(({ hideNote }) => hideNote(id));
}
