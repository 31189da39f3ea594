import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Dialog } from "@/components/ui/dialog";

function Page() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      <button type="button">Another</button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="A window">
        <input autoFocus aria-label="Inside" />
      </Dialog>
    </>
  );
}

test("what opened a window has the focus again when it closes, each time", async () => {
  const user = userEvent.setup();
  render(<Page />);
  for (let times = 0; times < 2; times += 1) {
    const button = screen.getByRole("button", { name: "Open" });
    await user.click(button);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Inside")));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(document.activeElement).toBe(button));
    expect(screen.queryByRole("dialog")).toBeNull();
  }
});
