"use client";

import { Button } from "@/components/ui/button";
import { Choice, Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { Notice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { parseTarget } from "@/features/engines/connection";
import type { ConnectionTest as Answer } from "@/lib/api";
import { fieldErrors, say } from "@/lib/api";
import { useTestConnection } from "../queries";
import type { AppDraft } from "./draft";

interface ExternalFieldsProps {
  draft: AppDraft;
  /** What is wrong with the string, by ourselves or by the server. */
  problem: string | null;
  /** What the server said about each field of the request. */
  told: Record<string, string>;
  onChange: (change: Partial<AppDraft>) => void;
}

/** A database that somebody else runs, by its connection string, which is taken apart as it is typed. */
export function ExternalFields({ draft, problem, told, onChange }: ExternalFieldsProps) {
  const target = parseTarget(draft.url);
  const parts = target
    ? [
        ["Type", target.scheme],
        ["Host", target.host],
        ["Port", target.port || "the usual one"],
        ["User", target.user || "none"],
        ["Password", target.password === "" ? "none" : "••••••••"],
        ["Database", target.database || "none"],
      ]
    : [];
  const untested = told.accept_untested ?? told["database.accept_untested"];
  return (
    <>
      <Field
        label="Connection string"
        error={problem}
        hint="Such as scheme://user:password@host:port/database. It is kept encrypted, and tried before the app is made."
      >
        {(tie) => (
          <PasswordInput
            {...tie}
            autoComplete="off"
            autoCapitalize="none"
            value={draft.url}
            onChange={(event) => onChange({ url: event.target.value.trim(), isUntestedKnown: false })}
          />
        )}
      </Field>
      {parts.length > 0 ? (
        <dl aria-label="Its parts" className="grid grid-cols-[6rem_minmax(0,1fr)] gap-y-1 text-[0.8125rem]">
          {parts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted-foreground">{term}</dt>
              <dd className="font-mono wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <ConnectionTest url={draft.url} isWhole={target !== null} />
      {untested || draft.isUntestedKnown ? (
        <Choice
          type="checkbox"
          checked={draft.isUntestedKnown}
          onChange={(event) => onChange({ isUntestedKnown: event.target.checked })}
          label="I know that the login is not tried"
          hint={untested}
        />
      ) : null}
    </>
  );
}

/** A try before anything is made. What it said goes away as soon as another string is typed. */
function ConnectionTest({ url, isWhole }: { url: string; isWhole: boolean }) {
  const test = useTestConnection();
  const forbidden = useMay()("admin");
  const isOfThis = test.variables === url;
  return (
    <div className="grid gap-3">
      <Button
        className="justify-self-start"
        reason={forbidden ?? (isWhole ? null : "Type the connection string first.")}
        isBusy={test.isPending}
        onClick={() => test.mutate(url)}
      >
        Test the connection
      </Button>
      {isOfThis && test.data ? <Answered answer={test.data} /> : null}
      {isOfThis && test.error ? (
        <Notice kind="bad" title="It can not be used">
          {fieldErrors(test.error).connection_string ?? say(test.error).detail}
        </Notice>
      ) : null}
    </div>
  );
}

function Answered({ answer }: { answer: Answer }) {
  const place = answer.tried_from === "network" ? "the network of the apps" : "this host";
  return answer.is_login_tried ? (
    <Notice kind="good" title={`It answers: version ${answer.server_version ?? "not told"}`}>
      The login was tried from {place}.
    </Notice>
  ) : (
    <Notice kind="warn" title="Something answers there">
      The port was tried from {place}. The login was not: {answer.untried_because}.
    </Notice>
  );
}
