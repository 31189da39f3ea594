"use client";

import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { useMay } from "@/features/auth/queries";
import { watch } from "@/features/operations/watched";
import { useQueryState } from "@/lib/use-query-state";
import { TypedName } from "./typed-name";

/** What becomes of what it leaves; nothing is chosen beforehand. */
export interface Fates<T extends string> {
  /** What the choice is about, such as "the data". */
  of: string;
  value: T | null;
  onChange: (fate: T) => void;
  options: readonly { fate: T; label: string; hint?: string }[];
}

interface DangerZoneProps<T extends string> {
  title: string;
  /** What happens, in a sentence or two. */
  children: ReactNode;
  /** The name that is to be typed. */
  name: string;
  button: string;
  fates?: Fates<T>;
  /** Why it can not be done now, whoever asks; null when it can. */
  blocked: string | null;
  isBusy: boolean;
  error: unknown;
  /** Does it, and gives the operation that was begun to `onBegun`. */
  onConfirm: (onBegun: (begun: { operation: { id: string } }) => void) => void;
}

/** The end of something: its name is typed, and what becomes of what it leaves is said. */
export function DangerZone<T extends string>({
  title,
  children,
  name,
  button,
  fates,
  blocked,
  isBusy,
  error,
  onConfirm,
}: DangerZoneProps<T>) {
  const [typed, setTyped] = useState("");
  const [, setQuery] = useQueryState();
  const forbidden = useMay()("admin") ?? blocked;
  const isChosen = fates === undefined || fates.value !== null;
  const missing = isChosen
    ? typed === name
      ? null
      : "Type the name first."
    : `Choose what becomes of ${fates.of}.`;
  const confirm = () =>
    onConfirm(({ operation }) => {
      watch(operation.id, name);
      setQuery({ db: null, app: null, view: null }, "replace");
    });
  return (
    <section aria-labelledby="danger" className="rounded-md border border-bad/60">
      <h3 id="danger" className="label-caps border-b border-bad/60 px-4 py-2.5 text-bad">
        Danger zone
      </h3>
      <div className="grid gap-4 p-4">
        <div>
          <h4 className="font-medium">{title}</h4>
          <p className="text-[0.8125rem] text-muted-foreground">{children}</p>
        </div>
        {error ? <ErrorNotice error={error} /> : null}
        {fates ? <FateChoice fates={fates} isDisabled={forbidden !== null} /> : null}
        <TypedName name={name} value={typed} onChange={setTyped} />
        <Button
          variant="danger"
          className="justify-self-start"
          reason={forbidden ?? missing}
          isBusy={isBusy}
          onClick={confirm}
        >
          {button}
        </Button>
      </div>
    </section>
  );
}

function FateChoice<T extends string>({ fates, isDisabled }: { fates: Fates<T>; isDisabled: boolean }) {
  return (
    <fieldset className="grid gap-2" disabled={isDisabled}>
      <legend className="sr-only">What becomes of {fates.of}</legend>
      {fates.options.map(({ fate, label, hint }) => (
        <Choice
          key={fate}
          type="radio"
          name="fate"
          checked={fates.value === fate}
          onChange={() => fates.onChange(fate)}
          label={label}
          hint={hint}
        />
      ))}
    </fieldset>
  );
}
