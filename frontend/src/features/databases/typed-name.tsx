import { Field, Input } from "@/components/ui/field";

interface TypedNameProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
}

/** Asks for a name to be typed, so that nobody deletes the wrong thing by habit. */
export function TypedName({ name, value, onChange }: TypedNameProps) {
  const label = (
    <>
      Type <code className="font-mono font-semibold break-all select-all">{name}</code> to confirm
    </>
  );
  return (
    <Field label={label}>
      {(tie) => (
        <Input
          {...tie}
          className="font-mono"
          autoCapitalize="none"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
