"use client";

import { FrontDoor } from "@/components/shell/front-door";
import { Button } from "@/components/ui/button";
import { ErrorNotice } from "@/components/ui/notice";

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <FrontDoor title="This page broke">
      <div className="grid gap-4">
        <ErrorNotice error={error} />
        <p className="text-muted-foreground">Your databases are not affected by it.</p>
        <Button variant="primary" onClick={reset}>
          Show the page again
        </Button>
      </div>
    </FrontDoor>
  );
}
