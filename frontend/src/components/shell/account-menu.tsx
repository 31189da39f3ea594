"use client";

import { Check, CircleUser, KeyRound, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, type ReactElement } from "react";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { PasswordDialog } from "@/features/auth/password-dialog";
import { useLogout } from "@/features/auth/queries";
import type { User } from "@/lib/api";
import { useTheme, type Theme } from "./theme";

const THEMES: readonly { value: Theme; name: string; icon: typeof Sun }[] = [
  { value: "system", name: "As the system", icon: Monitor },
  { value: "light", name: "Light", icon: Sun },
  { value: "dark", name: "Dark", icon: Moon },
];

export function AccountMenu({ user, trigger }: { user: User; trigger: ReactElement }) {
  const [theme, setTheme] = useTheme();
  const [isChanging, setChanging] = useState(false);
  const logout = useLogout();
  const router = useRouter();
  return (
    <>
      <Menu trigger={trigger}>
        <MenuLabel>
          {user.username} · {user.role}
        </MenuLabel>
        <MenuItem onSelect={() => router.push("/account/")}>
          <CircleUser aria-hidden /> Account
        </MenuItem>
        <MenuItem onSelect={() => setChanging(true)}>
          <KeyRound aria-hidden /> Change password
        </MenuItem>
        <MenuItem onSelect={() => logout.mutate()}>
          <LogOut aria-hidden /> Sign out
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        {THEMES.map(({ value, name, icon: Icon }) => (
          <MenuItem
            key={value}
            role="menuitemradio"
            aria-checked={theme === value}
            onSelect={() => setTheme(value)}
          >
            <Icon aria-hidden /> {name}
            {theme === value ? <Check className="text-accent" aria-hidden /> : null}
          </MenuItem>
        ))}
      </Menu>
      <PasswordDialog user={user} isOpen={isChanging} onClose={() => setChanging(false)} />
    </>
  );
}
