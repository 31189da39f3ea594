"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Choice, Field, Input, Select } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice } from "@/components/ui/notice";
import { useEngine } from "@/features/engines/queries";
import { fieldErrors, type Database, type LogicalDatabase, type Preset } from "@/lib/api";
import { useCreateLogicalDatabase, useCreateLogicalUser } from "./queries";
import { PRESET_CHOICES } from "./words";

const NARROW = "sm:w-[min(94vw,30rem)]";
const FORM = "inside-form";

function Footer({ onClose, isBusy, word }: { onClose: () => void; isBusy: boolean; word: string }) {
  return (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={FORM} variant="primary" isBusy={isBusy}>
        {word}
      </Button>
    </>
  );
}

const OPTIONS = ["encoding", "collation", "extensions"] as const;
type Option = (typeof OPTIONS)[number];

const ABOUT: Record<Option, { label: string; hint: string; capability: string }> = {
  encoding: { label: "Encoding", hint: "Empty for the usual one.", capability: "encodings" },
  collation: { label: "Sorted by", hint: "A collation; empty for the usual one.", capability: "encodings" },
  extensions: { label: "Extensions", hint: "Names, with commas between.", capability: "extensions" },
};

/** Makes a database inside; which options there are is a matter of the engine. */
export function NewDatabase({ database, onClose }: { database: Database; onClose: () => void }) {
  const engine = useEngine(database.type);
  const [name, setName] = useState("");
  const [options, setOptions] = useState<Record<Option, string>>({
    encoding: "",
    collation: "",
    extensions: "",
  });
  const create = useCreateLogicalDatabase(database.id);
  const errors = fieldErrors(create.error);
  const offered = OPTIONS.filter((option) => engine?.capabilities.includes(ABOUT[option].capability));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const extensions = options.extensions
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
    create.mutate(
      {
        name,
        ...(options.encoding ? { encoding: options.encoding } : {}),
        ...(options.collation ? { collation: options.collation } : {}),
        ...(extensions.length > 0 ? { extensions } : {}),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={`New inside ${database.name}`}
      className={NARROW}
      footer={<Footer onClose={onClose} isBusy={create.isPending} word="Create" />}
    >
      <form id={FORM} onSubmit={submit} className="grid gap-4">
        {create.isError && Object.keys(errors).length === 0 ? <ErrorNotice error={create.error} /> : null}
        <Field
          label="Name"
          error={errors.name}
          hint="Nobody but administrators enters it until it has a user."
        >
          {(tie) => (
            <Input
              {...tie}
              required
              autoFocus
              maxLength={128}
              autoCapitalize="none"
              className="font-mono"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {offered.map((option) => (
          <Field key={option} label={ABOUT[option].label} hint={ABOUT[option].hint} error={errors[option]}>
            {(tie) => (
              <Input
                {...tie}
                autoCapitalize="none"
                className="font-mono"
                value={options[option]}
                onChange={(event) => setOptions({ ...options, [option]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </form>
    </Dialog>
  );
}

interface NewUserProps {
  database: Database;
  /** The databases that it may be let into. */
  inside: LogicalDatabase[];
  onClose: () => void;
}

/** Makes a user with rights in one database and nowhere else. */
export function NewUser({ database, inside, onClose }: NewUserProps) {
  const [username, setUsername] = useState("");
  const [into, setInto] = useState(inside[0]?.name ?? "");
  const [preset, setPreset] = useState<Preset>("owner");
  const [password, setPassword] = useState("");
  const create = useCreateLogicalUser(database.id);
  const errors = fieldErrors(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { username, database_name: into, preset, ...(password === "" ? {} : { password }) },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={`New user of ${database.name}`}
      className={NARROW}
      footer={<Footer onClose={onClose} isBusy={create.isPending} word="Create the user" />}
    >
      <form id={FORM} onSubmit={submit} className="grid gap-4">
        {create.isError && Object.keys(errors).length === 0 ? <ErrorNotice error={create.error} /> : null}
        <Field label="User name" error={errors.username}>
          {(tie) => (
            <Input
              {...tie}
              required
              autoFocus
              maxLength={128}
              autoCapitalize="none"
              className="font-mono"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Field>
        <Field label="May enter" error={errors.database_name} hint="And no other.">
          {(tie) => (
            <Select {...tie} value={into} onChange={(event) => setInto(event.target.value)}>
              {inside.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[0.8125rem] font-medium">What it may do there</legend>
          {PRESET_CHOICES.map(({ preset: one, label, hint }) => (
            <Choice
              key={one}
              type="radio"
              name="preset"
              checked={preset === one}
              onChange={() => setPreset(one)}
              label={label}
              hint={hint}
            />
          ))}
        </fieldset>
        <Field label="Password" error={errors.password} hint="Leave it empty: a long one is generated.">
          {(tie) => (
            <PasswordInput
              {...tie}
              autoComplete="new-password"
              maxLength={128}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
