"use client";

import { Choice, Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { Delivery } from "@/lib/api";

interface DeliveryFieldsProps {
  prefix: string;
  delivery: Delivery;
  isVisibleKnown: boolean;
  /** What the server said about each field. */
  told: Record<string, string>;
  onPrefix: (prefix: string) => void;
  onDelivery: (delivery: Delivery) => void;
  onVisibleKnown: (isKnown: boolean) => void;
}

/** How an app gets its login. */
export function DeliveryFields({
  prefix,
  delivery,
  isVisibleKnown,
  told,
  onPrefix,
  onDelivery,
  onVisibleKnown,
}: DeliveryFieldsProps) {
  return (
    <>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[0.8125rem] font-medium">How it gets the password</legend>
        <Choice
          type="radio"
          name="delivery"
          checked={delivery === "env"}
          onChange={() => onDelivery("env")}
          label="As environment variables"
          hint="DATABASE_URL and the like. Nearly every app reads these."
        />
        <Choice
          type="radio"
          name="delivery"
          checked={delivery === "file"}
          onChange={() => onDelivery("file")}
          label="As files"
          hint="In /run/secrets, with the paths in DATABASE_URL_FILE and the like."
        />
      </fieldset>
      {delivery === "env" ? (
        <Notice kind="plain" title="Who can read it">
          Podman before 5.3 shows variables to everybody who may inspect the container.
          <label className="mt-2 flex items-start gap-2 font-medium">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
              checked={isVisibleKnown}
              onChange={(event) => onVisibleKnown(event.target.checked)}
            />
            I know, use variables all the same
          </label>
          {told.accept_visible_env ? (
            <p role="alert" className="mt-1 text-bad">
              {told.accept_visible_env}
            </p>
          ) : null}
        </Notice>
      ) : null}
      <PrefixField prefix={prefix} error={told.env_prefix} onPrefix={onPrefix} />
    </>
  );
}

interface PrefixFieldProps {
  prefix: string;
  error?: string;
  onPrefix: (prefix: string) => void;
}

/** What the names of the variables begin with. */
function PrefixField({ prefix, error, onPrefix }: PrefixFieldProps) {
  return (
    <Field
      label="Prefix of the variables"
      error={error}
      hint="For a second database of an app: ANALYTICS makes ANALYTICS_DATABASE_URL."
    >
      {(tie) => (
        <Input
          {...tie}
          autoCapitalize="characters"
          className="font-mono"
          placeholder="none"
          value={prefix}
          onChange={(event) => onPrefix(event.target.value.toUpperCase())}
        />
      )}
    </Field>
  );
}
