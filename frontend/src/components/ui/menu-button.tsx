"use client";

import { useState, type ComponentProps, type ComponentType, type ReactElement } from "react";

type ButtonChanges = Pick<
  ComponentProps<"button">,
  "aria-haspopup" | "aria-expanded" | "onClick" | "onKeyDown"
>;

interface MenuButtonProps<Props> {
  /** Draws the button. */
  button: (changes?: ButtonChanges) => ReactElement;
  /** The menu, which opens as soon as it is there. */
  menu: ComponentType<Props & { trigger: ReactElement }>;
  props: Props;
}

/** The button of a menu whose code is fetched when it is first used. */
export function MenuButton<Props extends object>({ button, menu: Content, props }: MenuButtonProps<Props>) {
  const [isWanted, setWanted] = useState(false);
  if (isWanted) return <Content {...props} trigger={button()} />;
  return button({
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: () => setWanted(true),
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      setWanted(true);
    },
  });
}
