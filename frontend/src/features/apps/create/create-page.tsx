"use client";

import Link from "next/link";
import { useState } from "react";
import { Button, buttonLook } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { useDatabases } from "@/features/databases/queries";
import { LimitFields } from "@/features/databases/limit-fields";
import { fieldErrors } from "@/lib/api";
import { useQueryState } from "@/lib/use-query-state";
import { useApps, useCreateApp, usePreview } from "../queries";
import { AppProgress } from "./app-progress";
import { DatabaseSelector } from "./database-selector";
import {
  EMPTY,
  fieldOf,
  isAllPlaced,
  nameOfImage,
  problems,
  toPreview,
  toRequest,
  type AppDraft,
} from "./draft";
import { ImageHints } from "./image-hints";
import { Preview } from "./preview";
import { Rows } from "./rows";

/** Deploys an app, with the database it uses. */
export function CreatePage() {
  const [query] = useQueryState();
  const wanted = query.get("db");
  const [draft, setDraft] = useState<AppDraft>(() =>
    wanted === null ? EMPTY : { ...EMPTY, source: "existing", databaseId: wanted },
  );
  const [isTried, setTried] = useState(false);
  const [isNamed, setNamed] = useState(false);
  const create = useCreateApp();
  const forbidden = useMay()("admin");
  const apps = useApps().data ?? [];
  const databases = useDatabases().data ?? [];
  const taken = [...apps, ...databases].map(({ name }) => name);
  const found = problems(draft, taken);
  const asked = toPreview(draft);
  const preview = usePreview(asked);
  const previewError = asked === null ? null : preview.error;
  // What the server says of the string as it is typed is newer than what it said when it was asked to deploy.
  const told = { ...fieldErrors(create.error), ...fieldErrors(previewError) };
  const edit = (change: Partial<AppDraft>) => setDraft({ ...draft, ...change });
  const errorOf = (field: keyof AppDraft) => {
    const fromServer = Object.entries(told).find(([name]) => fieldOf(name) === field)?.[1];
    const isShown =
      isTried || (field === "name" && draft.name !== "") || field === "memory" || field === "cpus";
    return (isShown ? found[field] : undefined) ?? fromServer ?? null;
  };
  const submit = () => {
    setTried(true);
    if (Object.keys(found).length === 0) create.mutate(toRequest(draft));
  };
  if (create.data)
    return (
      <AppProgress
        app={create.data.container}
        operationId={create.data.operation.id}
        onBack={() => create.reset()}
      />
    );
  return (
    <>
      <h1 className="text-xl font-semibold">New container</h1>
      <p className="text-muted-foreground">An app from an image, with a database where it needs one.</p>
      {forbidden ? <Notice className="mt-5" kind="plain" title={forbidden} /> : null}
      <div className="mt-5 grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <form
          aria-label="New container"
          className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-6"
          onSubmit={(event) => {
            event.preventDefault();
            if (forbidden === null) submit();
          }}
        >
          {create.isError && !isAllPlaced(fieldErrors(create.error)) ? (
            <ErrorNotice error={create.error} />
          ) : null}
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Image" error={errorOf("image")} hint="As in docker.io/library/nginx:1.">
              {(tie) => (
                <Input
                  {...tie}
                  autoFocus
                  autoCapitalize="none"
                  className="font-mono"
                  value={draft.image}
                  onChange={(event) => {
                    const image = event.target.value;
                    edit({ image, ...(isNamed ? {} : { name: nameOfImage(image) }) });
                  }}
                />
              )}
            </Field>
            <Field label="Name" error={errorOf("name")} hint="Other apps reach it by this name.">
              {(tie) => (
                <Input
                  {...tie}
                  autoCapitalize="none"
                  className="font-mono"
                  maxLength={63}
                  value={draft.name}
                  onChange={(event) => {
                    setNamed(true);
                    edit({ name: event.target.value });
                  }}
                />
              )}
            </Field>
          </div>
          <ImageHints draft={draft} onChange={edit} />
          <DatabaseSelector draft={draft} problems={found} isTried={isTried} told={told} onChange={edit} />
          <Rows
            title="Ports"
            hint="Of the app, opened on 127.0.0.1. Without a port of the host, a free one is taken."
            one="port"
            rows={draft.ports}
            empty={{ inside: "", host: "" }}
            fields={[
              { key: "inside", label: "Port of the app", placeholder: "80" },
              { key: "host", label: "Port of the host", placeholder: "a free one" },
            ]}
            error={errorOf("ports")}
            onChange={(ports) => edit({ ports })}
          />
          <Rows
            title="Variables"
            hint="Their values are kept encrypted, and are not shown again."
            one="variable"
            rows={draft.env}
            empty={{ name: "", value: "" }}
            fields={[
              { key: "name", label: "Name of variable", placeholder: "NAME" },
              { key: "value", label: "Value of variable", placeholder: "value" },
            ]}
            error={errorOf("env")}
            onChange={(env) => edit({ env })}
          />
          <Rows
            title="Volumes"
            hint="What it writes there stays when its container is made anew."
            one="volume"
            rows={draft.volumes}
            empty={{ name: "", path: "" }}
            fields={[
              { key: "name", label: "Name of volume", placeholder: "uploads" },
              { key: "path", label: "Path of volume", placeholder: "/srv/uploads" },
            ]}
            error={errorOf("volumes")}
            onChange={(volumes) => edit({ volumes })}
          />
          <LimitFields draft={draft} onChange={edit} errorOf={errorOf} />
          <Field label="Command" error={errorOf("command")} hint="Empty for the image's own.">
            {(tie) => (
              <Input
                {...tie}
                autoCapitalize="none"
                className="font-mono"
                value={draft.command}
                onChange={(event) => edit({ command: event.target.value })}
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" isBusy={create.isPending} reason={forbidden}>
              Deploy
            </Button>
            <Link href="/container-manager/?tab=containers" className={buttonLook()}>
              Cancel
            </Link>
          </div>
        </form>
        <Preview
          draft={draft}
          given={asked === null ? [] : (preview.data ?? [])}
          error={isAllPlaced(fieldErrors(previewError)) ? null : previewError}
        />
      </div>
    </>
  );
}
