// Names under which answers are kept. Everything about databases begins with "databases", and so on, so that one
// name makes all of it stale.
export const keys = {
  setup: ["setup"] as const,
  me: ["me"] as const,
  engines: ["engines"] as const,
  databases: ["databases"] as const,
  database: (id: string) => ["databases", id] as const,
  credentials: (id: string) => ["databases", id, "credentials"] as const,
  // Not below "databases": every event there would ask for them anew.
  stats: (id: string) => ["stats", id] as const,
  logicalDatabases: (id: string) => ["inside", id, "databases"] as const,
  logicalUsers: (id: string) => ["inside", id, "users"] as const,
  inside: (id: string) => ["inside", id] as const,
  operations: ["operations"] as const,
  operation: (id: string) => ["operations", id] as const,
  operationsOf: (target: string) => ["operations", "of", target] as const,
  nextPort: (type: string, address: string) => ["ports", type, address] as const,
  detected: ["detected"] as const,
  apps: ["apps"] as const,
  appLogs: (id: string) => ["app-logs", id] as const,
  connections: ["connections"] as const,
  connectionsOf: (database: string) => ["connections", database] as const,
  preview: (request: string) => ["preview", request] as const,
  kept: ["kept"] as const,
  users: ["users"] as const,
  audit: ["audit"] as const,
  registries: ["registries"] as const,
};
