"use client";

import { useRouter } from "next/navigation";
import { FrontDoor } from "@/components/shell/front-door";
import { Button } from "@/components/ui/button";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useSetup } from "./queries";
import { SetupForm } from "./setup-form";

export function SetupPage() {
  const router = useRouter();
  const setup = useSetup();
  const toLogin = () => router.replace("/login/");
  const toDatabases = () => router.replace("/container-manager/?tab=databases");
  if (setup.isPending) return <Loading what="the state of this server" />;
  return (
    <FrontDoor title="Welcome. Make the first account">
      {setup.isError ? (
        <ErrorNotice
          error={setup.error}
          action={<Button onClick={() => void setup.refetch()}>Try again</Button>}
        />
      ) : setup.data.needed ? (
        <SetupForm onDone={toDatabases} />
      ) : (
        <Notice
          kind="plain"
          title="This server is set up already"
          action={<Button onClick={toLogin}>Sign in</Button>}
        />
      )}
    </FrontDoor>
  );
}
