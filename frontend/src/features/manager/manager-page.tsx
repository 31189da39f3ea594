"use client";

import { DatabasesTab } from "@/features/databases/databases-tab";

export function ManagerPage() {
  return <DatabasesTab />;
}
