import type { Metadata } from "next";
import { ManagerPage } from "@/features/manager/manager-page";

export const metadata: Metadata = { title: "Containers" };

export default function Page() {
  return <ManagerPage />;
}
