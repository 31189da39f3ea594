"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/masked";
import { ErrorNotice } from "@/components/ui/notice";
import { fieldErrors, type User } from "@/lib/api";
import { note } from "@/lib/note";
import { useChangeOwnPassword } from "./queries";

export function PasswordDialog({
  user,
  isOpen,
  onClose,
}: {
  user: User;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangeOwnPassword();
  const errors = fieldErrors(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      note("success", "Your password is changed");
      setCurrent("");
      setNext("");
      onClose();
    };
    change.mutate({ id: user.id, current, next }, { onSuccess });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Change your password"
      description="Your other sessions end with the old one; API tokens go on."
      className="sm:w-[min(94vw,26rem)]"
    >
      <form onSubmit={submit} className="grid gap-4">
        {change.isError && Object.keys(errors).length === 0 ? <ErrorNotice error={change.error} /> : null}
        <Field label="Password until now" error={errors.current_password}>
          {(tie) => (
            <PasswordInput
              {...tie}
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field label="New password" hint="At least 10 characters." error={errors.password}>
          {(tie) => (
            <PasswordInput
              {...tie}
              autoComplete="new-password"
              required
              minLength={10}
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" isBusy={change.isPending}>
          Change it
        </Button>
      </form>
    </Dialog>
  );
}
