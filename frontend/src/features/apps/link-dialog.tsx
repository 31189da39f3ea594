"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { watch } from "@/features/operations/watched";
import { fieldErrors, type Database, type Delivery } from "@/lib/api";
import { DeliveryFields } from "./delivery-fields";
import { NetworkField } from "./network-field";
import { useApps, useLink } from "./queries";

const FORM = "link-app";

/** Links an app that is there to a database. */
export function LinkDialog({ database, onClose }: { database: Database; onClose: () => void }) {
  const { data: apps } = useApps();
  const [app, setApp] = useState("");
  const [name, setName] = useState("");
  const [prefix, setPrefix] = useState("");
  const [delivery, setDelivery] = useState<Delivery>("env");
  const [isVisibleKnown, setVisibleKnown] = useState(false);
  const [isAlone, setAlone] = useState(false);
  const link = useLink(database.id);
  const told = fieldErrors(link.error);
  const chosen = apps?.find(({ id }) => id === app) ?? apps?.[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen === undefined) return;
    link.mutate(
      {
        container_id: chosen.id,
        delivery,
        accept_visible_env: isVisibleKnown,
        ...(isAlone ? { network: "own" } : {}),
        ...(name === "" ? {} : { database_name: name }),
        ...(prefix === "" ? {} : { env_prefix: prefix }),
      },
      {
        onSuccess: ({ operation }) => {
          watch(operation.id, chosen.name);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      isOpen
      isSticky
      onClose={onClose}
      title={`Link an app to ${database.name}`}
      description="It gets a database and a user of its own in it, and a new container that knows them."
      className="sm:w-[min(94vw,32rem)]"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={FORM}
            variant="primary"
            isBusy={link.isPending}
            reason={chosen ? null : "There is no app yet."}
          >
            Link it
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} className="grid gap-4">
        {link.isError && Object.keys(told).length === 0 ? <ErrorNotice error={link.error} /> : null}
        {apps?.length === 0 ? (
          <Notice kind="plain" title="There is no app yet">
            Deploy one in the tab Containers; it can be linked there at once.
          </Notice>
        ) : null}
        <Field label="App" error={told.container_id}>
          {(tie) => (
            <Select {...tie} value={chosen?.id ?? ""} onChange={(event) => setApp(event.target.value)}>
              {apps?.map(({ id, name: one }) => (
                <option key={id} value={id}>
                  {one}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Database inside" error={told.database_name} hint="Empty for one with the app's name.">
          {(tie) => (
            <Input
              {...tie}
              autoCapitalize="none"
              className="font-mono"
              placeholder={chosen?.name}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {database.is_shared ? <NetworkField isOwn={isAlone} onChange={setAlone} /> : null}
        <DeliveryFields
          prefix={prefix}
          delivery={delivery}
          isVisibleKnown={isVisibleKnown}
          told={told}
          onPrefix={setPrefix}
          onDelivery={setDelivery}
          onVisibleKnown={setVisibleKnown}
        />
      </form>
    </Dialog>
  );
}
