"use client";

import { Choice, Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { say, type EngineInfo } from "@/lib/api";
import { useNextPort } from "./queries";
import { bindAddress, isPublic, type Reach, type ReachDraft } from "./reach";

interface ReachFieldsProps {
  engine: EngineInfo;
  draft: ReachDraft;
  onChange: (change: Partial<ReachDraft>) => void;
  errorOf: (field: keyof ReachDraft) => string | null;
}

const REACHES: readonly { value: Reach; label: string; hint: string }[] = [
  {
    value: "closed",
    label: "Apps on this host only, by name",
    hint: "No port is opened. Right for nearly everything.",
  },
  { value: "host", label: "Also programs on this host", hint: "Opens a port on 127.0.0.1." },
  {
    value: "everybody",
    label: "Also other machines",
    hint: "Opens a port on every address of this host (0.0.0.0).",
  },
  {
    value: "other",
    label: "Also through one address of this host",
    hint: "Such as the one of a private network.",
  },
];

/** Who can reach it: closed by default, and a warning in words where it is wide open. */
export function ReachFields({ engine, draft, onChange, errorOf }: ReachFieldsProps) {
  const address = bindAddress(draft);
  const next = useNextPort(engine.type, address ?? "127.0.0.1", address !== null && address !== "");
  const { first, last } = engine.port_range;
  const free =
    next.data === undefined ? `the first free one of ${first} to ${last}` : `${next.data}, the next free one`;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Who can reach it</legend>
      {REACHES.map(({ value, label, hint }) => (
        <Choice
          key={value}
          type="radio"
          name="reach"
          label={label}
          hint={hint}
          checked={draft.reach === value}
          onChange={() => onChange({ reach: value })}
        />
      ))}
      {draft.reach === "other" ? (
        <Field label="Address" error={errorOf("otherAddress")}>
          {(tie) => (
            <Input
              {...tie}
              className="font-mono"
              placeholder="192.168.1.10"
              value={draft.otherAddress}
              onChange={(event) => onChange({ otherAddress: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {address !== null ? (
        <Field
          label="Port on the host"
          error={errorOf("port")}
          hint={next.isError && draft.port === "" ? say(next.error).detail : `Leave it empty for ${free}.`}
        >
          {(tie) => (
            <Input
              {...tie}
              inputMode="numeric"
              className="w-32 font-mono"
              placeholder={next.data === undefined ? "" : String(next.data)}
              value={draft.port}
              onChange={(event) => onChange({ port: event.target.value.trim() })}
            />
          )}
        </Field>
      ) : null}
      {isPublic(draft) ? (
        <Notice kind="warn" title="Others will be able to try passwords on it">
          Connections are not encrypted yet, and a published port goes past the firewall of this host.
          <label className="mt-2 flex items-start gap-2 font-medium">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
              checked={draft.isPublicKnown}
              onChange={(event) => onChange({ isPublicKnown: event.target.checked })}
            />
            I know, open it all the same
          </label>
          {errorOf("isPublicKnown") ? (
            <p role="alert" className="mt-1 text-bad">
              {errorOf("isPublicKnown")}
            </p>
          ) : null}
        </Notice>
      ) : null}
    </fieldset>
  );
}
