"use client";

import { Plus, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useMay, useMe } from "@/features/auth/queries";
import type { ApiToken } from "@/lib/api";
import { cn } from "@/lib/cn";
import { ago, count } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { useQueryState } from "@/lib/use-query-state";
import { Section, Table, Time, type Column } from "./parts";
import { useTokens } from "./queries";
import { endOf, lastUsed, roleOf, stateOf, tokensInOrder } from "./words";

const NewToken = dynamic(() => import("./new-token").then((module) => module.NewToken));
const RevokeToken = dynamic(() => import("./revoke-token").then((module) => module.RevokeToken));

const COLUMNS: readonly Column[] = [
  { name: "Name" },
  { name: "Scope", isWide: true },
  { name: "Made", isWide: true },
  { name: "Last used", isWide: true },
  { name: "Ends" },
];

/** What somebody's programs sign in with. */
export function Tokens() {
  const tokens = useTokens();
  const now = useNow(10_000);
  const [query, setQuery] = useQueryState();
  const [going, setGoing] = useState<ApiToken | null>(null);
  return (
    <Section
      id="tokens"
      title="API tokens"
      what="API tokens"
      about="What your programs sign in with. None lets do more than you may."
      query={tokens}
      action={
        <Button variant="primary" onClick={() => setQuery({ new: "token" })}>
          <Plus aria-hidden /> New token
        </Button>
      }
    >
      {tokens.data?.length === 0 ? (
        <p className="mt-4 rounded-md border border-dashed p-8 text-center text-muted-foreground">
          No program has a token of yours.
        </p>
      ) : null}
      {tokens.data && tokens.data.length > 0 ? (
        <Table label={count(tokens.data.length, "API token")} columns={COLUMNS}>
          {tokensInOrder(tokens.data, now).map((token) => (
            <TokenRow key={token.id} token={token} now={now} onRevoke={() => setGoing(token)} />
          ))}
        </Table>
      ) : null}
      {query.get("new") === "token" ? <NewToken onClose={() => setQuery({ new: null })} /> : null}
      {going ? <RevokeToken token={going} onClose={() => setGoing(null)} /> : null}
    </Section>
  );
}

function TokenRow({ token, now, onRevoke }: { token: ApiToken; now: number; onRevoke: () => void }) {
  const may = useMay();
  const { data: me } = useMe();
  const state = stateOf(token, now);
  const isLess = me && may(roleOf(token.scope)) !== null;
  const scope = (
    <>
      <span className="font-mono">{token.scope}</span>
      {isLess ? `, limited to your role, ${me.role}` : null}
    </>
  );
  const used = token.last_used_at ? (
    <Time at={token.last_used_at}>{lastUsed(token.last_used_at, now)}</Time>
  ) : (
    lastUsed(null, now)
  );
  return (
    <tr data-token={token.name} data-state={state}>
      <td className="px-2.5 py-2 sm:px-4">
        <span className={cn("font-mono wrap-anywhere", state === "expired" && "text-muted-foreground")}>
          {token.name}
        </span>
        {/* On a telephone there is no room for columns of their own. */}
        <span className="block text-xs text-muted-foreground sm:hidden">
          {scope}, used {used}
        </span>
      </td>
      <td className="px-4 py-2 text-muted-foreground max-sm:hidden">{scope}</td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">
        <Time at={token.created_at}>{ago(token.created_at, now)}</Time>
      </td>
      <td className="px-4 py-2 whitespace-nowrap text-muted-foreground max-sm:hidden">{used}</td>
      <td
        className={cn(
          "px-2.5 py-2 sm:px-4 sm:whitespace-nowrap",
          state === "ending" ? "text-warn" : "text-muted-foreground",
        )}
      >
        {state === "ending" ? (
          <TriangleAlert className="mr-1.5 inline size-3.5 align-[-0.125em]" aria-hidden />
        ) : null}
        <Time at={token.expires_at}>{endOf(token, now)}</Time>
      </td>
      <td className="px-2.5 py-2 text-right sm:px-4">
        <Button
          variant="ghost"
          size="sm"
          aria-label={`${state === "expired" ? "Remove" : "Revoke"} ${token.name}`}
          onClick={onRevoke}
        >
          {state === "expired" ? "Remove" : "Revoke"}
        </Button>
      </td>
    </tr>
  );
}
