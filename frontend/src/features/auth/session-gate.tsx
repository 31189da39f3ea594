"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { onSessionEnd, type User } from "@/lib/api";
import { useMe } from "./queries";

const SignInAgain = dynamic(() => import("./sign-in-again").then((module) => module.SignInAgain));

/** Lets people who are signed in through, and sends others to the login, from where they come back. */
export function SessionGate({ children }: { children: ReactNode }) {
  const router = useRouter();
  const me = useMe();
  // Kept when the session ends, so that the page below stays with everything that was typed into it.
  const [known, setKnown] = useState<User | null>(null);
  const [isOver, setOver] = useState(false);
  if (me.data && me.data.id !== known?.id) setKnown(me.data);

  useEffect(() => onSessionEnd(() => setOver(true)), []);
  const isStranger = me.isSuccess && me.data === null && known === null;
  useEffect(() => {
    if (!isStranger) return;
    const here = `${window.location.pathname}${window.location.search}`;
    router.replace(`/login/?next=${encodeURIComponent(here)}`);
  }, [isStranger, router]);

  if (known === null && me.isError) {
    const again = <Button onClick={() => void me.refetch()}>Try again</Button>;
    return (
      <div className="mx-auto max-w-lg p-6">
        <ErrorNotice error={me.error} action={again} />
      </div>
    );
  }
  if (known === null) return <Loading what="your session" />;
  return (
    <>
      {children}
      {isOver ? <SignInAgain user={known} onDone={() => setOver(false)} /> : null}
    </>
  );
}
