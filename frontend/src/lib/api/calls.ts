// Everything the server can be asked. For `features/*/queries.ts` only; components use the hooks there.
import { client } from "./gen/client.gen";
import { ApiError } from "./problem";
import { endSession } from "./session";
import type { Problem } from "./gen";

export * from "./gen/sdk.gen";

// Relative to the page; the session is a cookie of the same site.
client.setConfig({ baseUrl: "", credentials: "same-origin" });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

/** Waits for an answer; throws an `ApiError` unless it is what was asked for. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new ApiError(null, cause);
  });
  if (response?.ok) {
    return data as NonNullable<T>;
  }
  const problem = isProblem(error) ? error : null;
  if (problem?.code === "unauthenticated") {
    endSession();
  }
  throw new ApiError(problem, error);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
