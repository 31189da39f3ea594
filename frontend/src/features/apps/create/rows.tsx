"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";

interface RowsProps<Row extends Record<string, string>> {
  title: string;
  hint: string;
  /** What one row is called. */
  one: string;
  rows: readonly Row[];
  empty: Row;
  fields: readonly { key: keyof Row & string; label: string; placeholder: string }[];
  error: string | null;
  onChange: (rows: Row[]) => void;
}

/** A list of things with a few parts each, such as variables or ports. */
export function Rows<Row extends Record<string, string>>({
  title,
  hint,
  one,
  rows,
  empty,
  fields,
  error,
  onChange,
}: RowsProps<Row>) {
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 text-[0.8125rem] font-medium">{title}</legend>
      <p className="text-[0.8125rem] text-muted-foreground">{hint}</p>
      {rows.map((row, index) => (
        <div key={index} className="flex gap-2">
          {fields.map(({ key, label, placeholder }) => (
            <Input
              key={key}
              aria-label={`${label} ${index + 1}`}
              autoCapitalize="none"
              className="font-mono"
              placeholder={placeholder}
              value={row[key]}
              onChange={(event) =>
                onChange(
                  rows.map((other, at) => (at === index ? { ...other, [key]: event.target.value } : other)),
                )
              }
            />
          ))}
          <Button
            variant="ghost"
            size="icon"
            className="mt-0.5"
            aria-label={`Remove ${one} ${index + 1}`}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      {error ? (
        <p role="alert" className="text-[0.8125rem] text-bad">
          {error}
        </p>
      ) : null}
      <Button size="sm" className="justify-self-start" onClick={() => onChange([...rows, empty])}>
        <Plus aria-hidden /> Add {one}
      </Button>
    </fieldset>
  );
}
