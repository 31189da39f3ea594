import { sentence } from "../format";
import type { Problem } from "./gen";

/** A request that did not do what it was sent for. */
export class ApiError extends Error {
  /** What the server said; null when it was not reached, or said nothing that can be read. */
  readonly problem: Problem | null;

  constructor(problem: Problem | null, cause?: unknown) {
    super(problem?.detail ?? "The server does not answer.", { cause });
    this.name = "ApiError";
    this.problem = problem;
  }
}

/** What a person is told about an error, wherever it comes from. */
export interface Said {
  title: string;
  detail: string;
  /** For a report to whoever runs the server. */
  requestId: string | null;
}

/** The one function that puts an error into words. */
export function say(error: unknown): Said {
  if (error instanceof ApiError && error.problem !== null) {
    return sayProblem(error.problem);
  }
  if (error instanceof ApiError) {
    return {
      title: "The server does not answer",
      detail: "It may be restarting. Nothing was lost; try again in a moment.",
      requestId: null,
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { title: "Something went wrong in this page", detail, requestId: null };
}

/** The same for a problem that was not thrown, such as the error of an operation. */
export function sayProblem(problem: Problem): Said {
  return { title: problem.title, detail: sentence(problem.detail), requestId: problem.request_id ?? null };
}

/** The server's word for the problem, to branch on. */
export function codeOf(error: unknown): Problem["code"] | null {
  return error instanceof ApiError ? (error.problem?.code ?? null) : null;
}

/** What is wrong with each field of a form. */
export function fieldErrors(error: unknown): Record<string, string> {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return Object.fromEntries(errors.map(({ field, detail }) => [field, sentence(detail)]));
}
