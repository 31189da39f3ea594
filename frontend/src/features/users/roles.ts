import type { Role } from "@/lib/api";

/** What each role may do, the least first. */
export const ROLES: readonly { role: Role; may: string }[] = [
  { role: "viewer", may: "Looks at everything but passwords." },
  { role: "operator", may: "Also starts, stops and restarts." },
  { role: "admin", may: "Does everything, sees passwords and people." },
];
