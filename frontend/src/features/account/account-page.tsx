"use client";

import { KeyRound } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useMe } from "@/features/auth/queries";
import { Sessions } from "./sessions";
import { Tokens } from "./tokens";

const PasswordDialog = dynamic(() =>
  import("@/features/auth/password-dialog").then((module) => module.PasswordDialog),
);

/** What is somebody's own: their password, where they are signed in, and what their programs sign in with. */
export function AccountPage() {
  const { data: me } = useMe();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold">Account</h1>
          {me ? (
            <p className="wrap-anywhere text-muted-foreground">
              You are <span className="font-mono text-foreground">{me.username}</span>, with the role{" "}
              {me.role}.
            </p>
          ) : null}
        </div>
        <Button onClick={() => setChanging(true)}>
          <KeyRound aria-hidden /> Change password
        </Button>
      </div>
      <Sessions />
      <Tokens />
      {me && isChanging ? <PasswordDialog user={me} isOpen onClose={() => setChanging(false)} /> : null}
    </>
  );
}
