"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice } from "@/components/ui/notice";
import { useLogout } from "@/features/auth/queries";
import type { Session } from "@/lib/api";
import { count } from "@/lib/format";
import { useEndOtherSessions, useEndSession } from "./queries";

const NARROW = "sm:w-[min(94vw,28rem)]";

/** Asks before a session is ended; this one is left as by signing out. */
export function EndSession({ session, onClose }: { session: Session; onClose: () => void }) {
  return session.is_current ? <SignOut onClose={onClose} /> : <EndOne session={session} onClose={onClose} />;
}

function SignOut({ onClose }: { onClose: () => void }) {
  const logout = useLogout();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Sign out"
      className={NARROW}
      footer={
        <>
          <Button onClick={onClose}>Stay signed in</Button>
          <Button variant="danger" isBusy={logout.isPending} onClick={() => logout.mutate()}>
            Sign out
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {logout.isError ? <ErrorNotice error={logout.error} /> : null}
        <p>This is the session you are in. Ending it signs you out here, and leads to the login.</p>
      </div>
    </Dialog>
  );
}

function EndOne({ session, onClose }: { session: Session; onClose: () => void }) {
  const end = useEndSession();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="End the session"
      description={`Begun from ${session.remote_address ?? "an unknown address"}.`}
      className={NARROW}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            variant="danger"
            isBusy={end.isPending}
            onClick={() => end.mutate(session.id, { onSuccess: onClose })}
          >
            End it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {end.isError ? <ErrorNotice error={end.error} /> : null}
        <p>Whoever uses it is signed out at once. Going on there needs the password.</p>
      </div>
    </Dialog>
  );
}

/** Asks before every session but this one is ended. */
export function EndOthers({ number, onClose }: { number: number; onClose: () => void }) {
  const end = useEndOtherSessions();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="End all other sessions"
      className={NARROW}
      footer={
        <>
          <Button onClick={onClose}>Keep them</Button>
          <Button
            variant="danger"
            isBusy={end.isPending}
            onClick={() => end.mutate(undefined, { onSuccess: onClose })}
          >
            End them
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {end.isError ? <ErrorNotice error={end.error} /> : null}
        <p>
          {count(number, "other session ends", "other sessions end")} at once. Here you stay signed in, and
          API tokens go on.
        </p>
      </div>
    </Dialog>
  );
}
