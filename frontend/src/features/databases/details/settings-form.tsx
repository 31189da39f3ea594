"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Choice, Field, Input } from "@/components/ui/field";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { useEngine } from "@/features/engines/queries";
import { watch } from "@/features/operations/watched";
import { fieldErrors, type Database } from "@/lib/api";
import { note } from "@/lib/note";
import { LimitFields } from "../limit-fields";
import { useChangeDatabase, usePreviewChange } from "../queries";
import { ReachFields } from "../reach-fields";
import { whyNot } from "../status";
import { EngineSettings } from "./engine-settings";
import { draftOf, FIELD_OF, problemsOf, toChange, type SettingsDraft } from "./settings-draft";
import { SettingsReview } from "./settings-review";

/** What can be changed; before it is, it is said what the change needs. */
export function SettingsForm({ database }: { database: Database }) {
  const engine = useEngine(database.type);
  const [draft, setDraft] = useState(() => draftOf(database));
  const [isTried, setTried] = useState(false);
  const preview = usePreviewChange(database);
  const change = useChangeDatabase(database, ({ operation }) => {
    if (operation) watch(operation.id, database.name);
    else note("success", `The settings of ${database.name} are changed`);
  });
  const forbidden = useMay()("admin") ?? whyNot(database, "update");
  const edit = (edited: Partial<SettingsDraft>) => {
    preview.reset();
    change.reset();
    setDraft({ ...draft, ...edited });
  };
  const wanted = toChange(database, draft);
  const isChanged = Object.keys(wanted).length > 0;
  const own = problemsOf(database, draft);
  const error = change.error ?? preview.error;
  const told = fieldErrors(error);
  const errorOf = (field: keyof SettingsDraft) => {
    const fromServer = Object.entries(told).find(([name]) => FIELD_OF[name] === field)?.[1];
    return (isTried || field !== "isPublicKnown" ? own[field] : undefined) ?? fromServer ?? null;
  };
  const submit = () => {
    setTried(true);
    if (Object.keys(own).length === 0) preview.mutate(wanted);
  };
  if (engine === undefined) return null;
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-6"
      aria-label="Settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (forbidden === null && isChanged) submit();
      }}
    >
      {forbidden ? <Notice kind="plain">{forbidden}</Notice> : null}
      {/* A group of the browser's own keeps everything in it from being used. */}
      <fieldset disabled={forbidden !== null} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-6">
        <Field label="Note" error={errorOf("description")} hint="What it is for.">
          {(tie) => (
            <Input
              {...tie}
              maxLength={500}
              value={draft.description}
              onChange={(event) => edit({ description: event.target.value })}
            />
          )}
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">Who uses it</legend>
          <Choice
            type="radio"
            name="settings-sharing"
            checked={draft.isShared}
            onChange={() => edit({ isShared: true })}
            label="Several apps may use it"
          />
          <Choice
            type="radio"
            name="settings-sharing"
            checked={!draft.isShared}
            onChange={() => edit({ isShared: false })}
            label="One app only"
          />
        </fieldset>
        <ReachFields engine={engine} draft={draft} onChange={edit} errorOf={errorOf} />
        <LimitFields draft={draft} onChange={edit} errorOf={errorOf} />
        <EngineSettings
          database={database}
          engine={engine}
          values={draft.engineSettings}
          errors={told}
          onChange={(values) => edit({ engineSettings: values })}
        />
      </fieldset>
      {error ? <ErrorNotice error={error} /> : null}
      {preview.data && !error ? (
        <SettingsReview
          changed={preview.data}
          isBusy={change.isPending}
          onApply={() => change.mutate(wanted)}
          onBack={() => preview.reset()}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            variant="primary"
            isBusy={preview.isPending}
            reason={forbidden ?? (isChanged ? null : "Nothing is changed yet.")}
          >
            Review the change
          </Button>
          {isChanged ? <Button onClick={() => setDraft(draftOf(database))}>Undo my edits</Button> : null}
        </div>
      )}
    </form>
  );
}
