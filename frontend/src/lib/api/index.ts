// The shapes of the API, generated from its document, and how its errors are put into words.
export type * from "./gen/types.gen";
export { ApiError, codeOf, fieldErrors, say, sayProblem, type Said } from "./problem";
export { onSessionEnd } from "./session";
export { keepSocket, type SocketState } from "./socket";
