"use client";

import { LogOut } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { Session } from "@/lib/api";
import { ago, count } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Section, Table, Time, type Column } from "./parts";
import { useSessions } from "./queries";
import { lastUsed, sessionsInOrder, until } from "./words";

const EndSession = dynamic(() => import("./session-dialogs").then((module) => module.EndSession));
const EndOthers = dynamic(() => import("./session-dialogs").then((module) => module.EndOthers));

type Asked = { what: "one"; session: Session } | { what: "others" };

const COLUMNS: readonly Column[] = [
  { name: "From" },
  { name: "Signed in", isWide: true },
  { name: "Last used", isWide: true },
  { name: "Ends", isWide: true },
];

/** Where somebody is signed in, and a way to end it. */
export function Sessions() {
  const sessions = useSessions();
  const now = useNow(10_000);
  const [asked, setAsked] = useState<Asked | null>(null);
  const others = sessions.data?.filter((session) => !session.is_current).length ?? 0;
  const close = () => setAsked(null);
  return (
    <Section
      id="sessions"
      title="Sessions"
      what="sessions"
      about="Where you are signed in. Each ends by itself when it says, however much it is used."
      query={sessions}
      action={
        <Button
          reason={others === 0 ? "You are signed in here only." : null}
          onClick={() => setAsked({ what: "others" })}
        >
          <LogOut aria-hidden /> End all others
        </Button>
      }
    >
      {sessions.data ? (
        <Table label={count(sessions.data.length, "session")} columns={COLUMNS}>
          {sessionsInOrder(sessions.data).map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              now={now}
              onEnd={() => setAsked({ what: "one", session })}
            />
          ))}
        </Table>
      ) : null}
      {asked?.what === "one" ? <EndSession session={asked.session} onClose={close} /> : null}
      {asked?.what === "others" ? <EndOthers number={others} onClose={close} /> : null}
    </Section>
  );
}

function SessionRow({ session, now, onEnd }: { session: Session; now: number; onEnd: () => void }) {
  const { id, is_current: isHere, remote_address, created_at, last_used_at, expires_at } = session;
  const address = remote_address ?? "an unknown address";
  const begun = <Time at={created_at}>{ago(created_at, now)}</Time>;
  const used = last_used_at ? (
    <Time at={last_used_at}>{lastUsed(last_used_at, now)}</Time>
  ) : (
    lastUsed(null, now)
  );
  const end = <Time at={expires_at}>{until(expires_at, now)}</Time>;
  return (
    <tr data-session={id}>
      <td className="px-2.5 py-2 sm:px-4">
        <span className="mr-2 font-mono wrap-anywhere">{address}</span>
        {isHere ? <span className="text-xs whitespace-nowrap text-accent">this session</span> : null}
        {/* On a telephone there is no room for columns of their own. */}
        <span className="block text-xs text-muted-foreground sm:hidden">
          signed in {begun}, used {used}, ends {end}
        </span>
      </td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">{begun}</td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">{used}</td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">{end}</td>
      <td className="px-2.5 py-2 text-right sm:px-4">
        <Button
          variant="ghost"
          size="sm"
          aria-label={isHere ? "Sign out of this session" : `End the session from ${address}`}
          onClick={onEnd}
        >
          {isHere ? "Sign out" : "End"}
        </Button>
      </td>
    </tr>
  );
}
