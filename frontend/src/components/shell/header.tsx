"use client";

import { CircleUser } from "lucide-react";
import Link from "next/link";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { Button } from "@/components/ui/button";
import { MenuButton } from "@/components/ui/menu-button";
import { useMe } from "@/features/auth/queries";
import { LiveMark } from "@/features/events/live-mark";
import type { Role, User } from "@/lib/api";
import { cn } from "@/lib/cn";
import { Logo } from "./logo";

const AccountMenu = dynamic(() => import("./account-menu").then((module) => module.AccountMenu));

interface Place {
  href: string;
  name: string;
  role: Role;
}

export const PLACES: readonly Place[] = [
  { href: "/container-manager/", name: "Containers", role: "viewer" },
  { href: "/users/", name: "Users", role: "admin" },
  { href: "/audit/", name: "Audit", role: "admin" },
];

export function Header() {
  const { data: me } = useMe();
  return (
    <header className="sticky top-0 z-30 border-b bg-card">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:bg-background focus:p-2"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex h-13 max-w-7xl items-center gap-2 px-4 sm:gap-6 sm:px-6">
        <Link
          href="/container-manager/?tab=databases"
          aria-label="Stardeck, databases"
          className="max-sm:hidden"
        >
          <Logo />
        </Link>
        <nav
          aria-label="Main"
          className="flex h-full min-w-0 flex-1 items-stretch gap-1 overflow-x-auto [scrollbar-width:none]"
        >
          {PLACES.map((place) => (
            <NavLink key={place.href} place={place} />
          ))}
        </nav>
        <LiveMark />
        {me ? <Account user={me} /> : null}
      </div>
    </header>
  );
}

function NavLink({ place }: { place: Place }) {
  const isHere = usePathname() === place.href;
  return (
    <Link
      href={place.href === "/container-manager/" ? "/container-manager/?tab=databases" : place.href}
      aria-current={isHere ? "page" : undefined}
      className={cn(
        "label-caps flex items-center border-b-2 px-2.5 whitespace-nowrap -outline-offset-2! sm:px-3",
        isHere
          ? "border-accent text-foreground"
          : "border-transparent text-muted-foreground hover:text-foreground",
      )}
    >
      {place.name}
    </Link>
  );
}

function Account({ user }: { user: User }) {
  return (
    <MenuButton
      menu={AccountMenu}
      props={{ user }}
      button={(changes) => (
        <Button
          {...changes}
          variant="ghost"
          size="sm"
          aria-label={`Account of ${user.username}`}
          className="max-w-44"
        >
          <CircleUser aria-hidden />
          <span className="truncate max-sm:hidden">{user.username}</span>
        </Button>
      )}
    />
  );
}
