"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Dialog } from "@/components/ui/dialog";
import type { User } from "@/lib/api";
import { LoginForm } from "./login-form";

/** Takes the session up again, over the page as it was. */
export function SignInAgain({ user, onDone }: { user: User; onDone: () => void }) {
  const client = useQueryClient();
  const done = () => {
    onDone();
    void client.invalidateQueries();
  };
  return (
    <Dialog
      isOpen
      onClose={() => window.location.assign("/login/")}
      isSticky
      title="Your session has ended"
      description="Sign in again to go on. What you have typed is still there."
      className="sm:w-[min(94vw,26rem)]"
    >
      <LoginForm username={user.username} onDone={done} />
    </Dialog>
  );
}
