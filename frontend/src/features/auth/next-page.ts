const HOME = "/container-manager/?tab=databases";

/** Where to go after the login: the page that was asked for, if it is one of ours. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get("next");
  // "//host" and "/\host" are addresses of other sites.
  return next !== null && /^\/(?![/\\])/.test(next) ? next : HOME;
}
