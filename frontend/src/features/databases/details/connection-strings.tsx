"use client";

import { Eye, EyeOff } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNotice } from "@/components/ui/notice";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { useMay } from "@/features/auth/queries";
import { mask, maskTarget, parseTarget, snippetsFor } from "@/features/engines/connection";
import type { Credentials, Engine } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useDatabase, useReveal } from "../queries";
import { externalAddress, internalAddress } from "../status";

type Side = "internal" | "external";

/** How long a password stays in view. */
const SHOWN_MS = 60_000;

/** How to connect, from inside and outside. The password is asked for when it is to be seen or copied, and not before. */
export function ConnectionStrings({ id, type }: { id: string; type: Engine }) {
  const { data: database } = useDatabase(id);
  const forbidden = useMay()("admin");
  const reveal = useReveal(id);
  const [isShown, setShown] = useState(false);
  const [side, setSide] = useState<Side>("internal");
  const [name, setName] = useState("URL");
  const credentials = reveal.data ?? null;

  useEffect(() => {
    if (!isShown) return;
    const timer = setTimeout(() => setShown(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isShown]);

  if (!database) return null;
  const external = externalAddress(database);
  const address = side === "internal" ? internalAddress(database) : external;
  const real = credentials ? urlOn(credentials, side) : null;
  const shownUrl = real ?? placeholderUrl(type, database.admin_user, address ?? "");
  const target = parseTarget(shownUrl);
  const show = async () => {
    if (credentials === null) await reveal.mutateAsync();
    setShown(true);
  };
  const snippets = target === null ? [] : snippetsFor(type, isShown && real ? target : maskTarget(target));
  const current = snippets.find((snippet) => snippet.name === name) ?? snippets[0];
  const copy = async () => {
    const fresh = credentials ?? (await reveal.mutateAsync());
    const url = urlOn(fresh, side);
    const whole = url === null ? null : parseTarget(url);
    return (
      (whole && snippetsFor(type, whole).find((snippet) => snippet.name === current?.name)?.text) ?? url ?? ""
    );
  };
  return (
    <section aria-labelledby="connect" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id="connect" className="label-caps text-muted-foreground">
          Connect
        </h3>
        <div role="group" aria-label="From where" className="flex rounded-md border p-0.5">
          <SideButton isOn={side === "internal"} onClick={() => setSide("internal")} name="From apps" />
          <SideButton isOn={side === "external"} onClick={() => setSide("external")} name="From this host" />
        </div>
      </div>
      {reveal.isError ? <ErrorNotice error={reveal.error} /> : null}
      {side === "external" && external === null ? (
        <p className="rounded-md border border-dashed p-4 text-muted-foreground">
          It has no port on the host. Apps reach it by name; other programs do not.
        </p>
      ) : current ? (
        <Tabs
          label="Ways to connect"
          value={current.name}
          onChange={setName}
          tabs={snippets.map((snippet) => ({ value: snippet.name, name: snippet.name }))}
        >
          <TabPanel value={current.name} className="mt-2">
            <pre
              tabIndex={0}
              aria-label={`${current.name}, ${side}`}
              className="max-h-64 overflow-auto rounded-md border bg-inset p-3 font-mono text-[0.8125rem] break-all whitespace-pre-wrap"
            >
              {current.text}
            </pre>
            <div className="mt-2 flex flex-wrap gap-1">
              <Button
                variant="ghost"
                size="sm"
                reason={forbidden}
                isBusy={reveal.isPending}
                aria-pressed={isShown}
                onClick={() => (isShown ? setShown(false) : void show())}
              >
                {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
                {isShown ? "Hide the password" : "Show the password"}
              </Button>
              <CopyButton
                hasWord
                what={`the ${current.name} snippet with the password`}
                reason={forbidden}
                text={copy}
              />
            </div>
          </TabPanel>
        </Tabs>
      ) : null}
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] items-center gap-y-1 text-[0.8125rem]">
        <dt className="text-muted-foreground">Administrator</dt>
        <dd className="flex items-center gap-2">
          <code className="truncate font-mono">{database.admin_user}</code>
          <CopyButton what="the user name" text={database.admin_user} />
        </dd>
        <dt className="text-muted-foreground">Password</dt>
        <dd className="flex min-w-0 items-center gap-2">
          <code className="font-mono break-all">
            {isShown && credentials ? credentials.password : "••••••••••••"}
          </code>
          <CopyButton
            what="the password"
            reason={forbidden}
            text={async () => (credentials ?? (await reveal.mutateAsync())).password}
          />
        </dd>
      </dl>
    </section>
  );
}

function urlOn(credentials: Credentials, side: Side): string | null {
  return side === "internal" ? credentials.internal_url : credentials.external_url;
}

/** What the string looks like while its password is not known to this page. */
function placeholderUrl(type: Engine, user: string, address: string): string {
  return mask(`${type}://${encodeURIComponent(user)}:x@${address}/`);
}

function SideButton({ isOn, onClick, name }: { isOn: boolean; onClick: () => void; name: string }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(
        "rounded-sm px-2.5 py-1 text-[0.8125rem]",
        isOn ? "bg-accent-soft font-medium" : "text-muted-foreground",
      )}
    >
      {name}
    </button>
  );
}
