import type { ReactNode } from "react";
import { Desk } from "@/components/shell/desk";

/** Everything for people who are signed in. */
export default function DeskLayout({ children }: { children: ReactNode }) {
  return <Desk>{children}</Desk>;
}
