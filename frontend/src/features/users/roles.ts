import type { Role } from "@/lib/api";

/** What each role may do, the least first. */
export const ROLES: readonly { role: Role; may: string }[] = [
  { role: "viewer", may: "Looks at everything but passwords and logs." },
  { role: "operator", may: "Also reads logs, starts, stops and restarts." },
  { role: "admin", may: "Does everything, sees passwords and people." },
];
