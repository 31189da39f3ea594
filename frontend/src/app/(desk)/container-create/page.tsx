import type { Metadata } from "next";
import { CreatePage } from "@/features/apps/create/create-page";

export const metadata: Metadata = { title: "New container" };

export default function Page() {
  return <CreatePage />;
}
