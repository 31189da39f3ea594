"use client";

import { Choice } from "@/components/ui/field";

interface NetworkFieldProps {
  isOwn: boolean;
  onChange: (isOwn: boolean) => void;
}

/** Whether an app meets a shared database where no other app is. */
export function NetworkField({ isOwn, onChange }: NetworkFieldProps) {
  return (
    <Choice
      type="checkbox"
      checked={isOwn}
      onChange={(event) => onChange(event.target.checked)}
      label="On a network of their own"
      hint="The app reaches this database and no other. Without it, it reaches every shared one, though only with a login."
    />
  );
}
