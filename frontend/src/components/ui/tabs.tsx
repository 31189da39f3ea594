"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  label: string;
  tabs: readonly { value: T; name: ReactNode }[];
  /** What stands at the end of the row. */
  end?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** Pages beside each other, of which one is seen. */
export function Tabs<T extends string>({
  value,
  onChange,
  label,
  tabs,
  end,
  className,
  children,
}: TabsProps<T>) {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as T)} className={className}>
      <div className="flex items-end justify-between gap-4 border-b">
        <Radix.List aria-label={label} className="-mb-px flex min-w-0 overflow-x-auto [scrollbar-width:none]">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className="label-caps flex items-center gap-2 border-b-2 border-transparent px-3 py-2.5 whitespace-nowrap text-muted-foreground -outline-offset-2! hover:text-foreground data-[state=active]:border-accent data-[state=active]:text-foreground sm:px-4"
            >
              {tab.name}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {end}
      </div>
      {children}
    </Radix.Root>
  );
}

export const TabPanel = Radix.Content;
