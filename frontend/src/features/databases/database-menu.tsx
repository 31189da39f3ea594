"use client";

import { PanelRightOpen } from "lucide-react";
import type { ReactElement } from "react";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { Database } from "@/lib/api";
import { useAct, VERBS } from "./act";

interface DatabaseMenuProps {
  database: Database;
  onOpen: (id: string) => void;
  trigger: ReactElement;
}

export function DatabaseMenu({ database, onOpen, trigger }: DatabaseMenuProps) {
  const { act, reasonFor } = useAct(database);
  return (
    <Menu trigger={trigger}>
      <MenuItem onSelect={() => onOpen(database.id)}>
        <PanelRightOpen aria-hidden /> Open
      </MenuItem>
      <MenuSeparator />
      {VERBS.map(({ verb, name, icon: Icon }) => (
        <MenuItem key={verb} reason={reasonFor(verb)} onSelect={() => act(verb)}>
          <Icon aria-hidden /> {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
