"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { FrontDoor } from "@/components/shell/front-door";
import { LoginForm } from "./login-form";
import { useSetup } from "./queries";
import { safeNext } from "./next-page";

export function LoginPage() {
  const router = useRouter();
  const isSetupNeeded = useSetup().data?.needed === true;
  useEffect(() => {
    if (isSetupNeeded) router.replace("/setup/");
  }, [isSetupNeeded, router]);
  return (
    <FrontDoor title="Sign in">
      <LoginForm onDone={() => router.replace(safeNext(window.location.search))} />
    </FrontDoor>
  );
}
