// Every flow without a mouse: what has the focus is reached by Tab and the arrow keys, and used by Enter and Space.
import type { Page } from "@playwright/test";
import { tabTo } from "./keys";
import { expect, PASSWORD, podman, test } from "./server";

test.describe.configure({ mode: "serial" });

const FOUND = "found-by-keyboard";

test.afterAll(() => {
  podman("rm", "--force", "--volumes", "--ignore", "--time", "0", FOUND);
});

const card = (page: Page, name: string) => page.locator(`[data-database="${name}"]`);

const TABS = ["Overview", "Connections", "Logs", "Settings"];

/** Opens the details of a database and goes to one of their tabs. */
async function openTab(page: Page, name: string, tab: string): Promise<void> {
  await tabTo(page, card(page, name).getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog", { name });
  await tabTo(page, sheet.getByRole("tab", { name: "Overview" }));
  for (const next of TABS.slice(1, TABS.indexOf(tab) + 1)) {
    await page.keyboard.press("ArrowRight");
    await expect(sheet.getByRole("tab", { name: next })).toBeFocused();
  }
  await expect(sheet.getByRole("tab", { name: tab })).toHaveAttribute("aria-selected", "true");
}

test("somebody signs in, and makes a database", async ({ page, server }) => {
  await page.goto(`${server.url}/login/`);
  await tabTo(page, page.getByLabel("User name"));
  await page.keyboard.type("admin");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "New database" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Types of databases" })).toBeVisible();
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: /Redis/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("by-keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByText("by-keyboard is running and answered a login")).toBeVisible({
    timeout: 120_000,
  });
  await page.keyboard.press("Escape");
  await expect(card(page, "by-keyboard")).toBeVisible();
});

test("it is searched for, and stopped and started from its menu", async ({ signedIn: page }) => {
  await expect(card(page, "by-keyboard")).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search databases" })).toBeFocused();
  await page.keyboard.type("nothing like it");
  await expect(card(page, "by-keyboard")).toBeHidden();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("keyboard");
  const menu = card(page, "by-keyboard").getByRole("button", { name: "What to do with by-keyboard" });
  for (const [verb, status] of [
    ["Stop", "stopped"],
    ["Start", "running"],
  ] as const) {
    await tabTo(page, menu);
    await page.keyboard.press("Enter");
    const item = page.getByRole("menuitem", { name: verb, exact: true });
    await expect(item).toBeVisible();
    for (let presses = 0; presses < 6; presses += 1) {
      if (await item.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await expect(card(page, "by-keyboard").getByText(status, { exact: true })).toBeVisible({
      timeout: 30_000,
    });
  }
});

test("its details are read, tab by tab, and left again", async ({ signedIn: page }) => {
  await openTab(page, "by-keyboard", "Overview");
  const sheet = page.getByRole("dialog", { name: "by-keyboard" });
  await tabTo(page, sheet.getByRole("button", { name: "Show the password" }));
  await page.keyboard.press("Enter");
  await expect(sheet.getByLabel("URL, internal")).not.toContainText("•");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(
    card(page, "by-keyboard").getByRole("button", { name: "by-keyboard", exact: true }),
  ).toBeFocused();
  await openTab(page, "by-keyboard", "Logs");
  await expect(sheet.getByRole("log")).toContainText("Ready to accept connections");
  await tabTo(page, sheet.getByLabel("Search the log"));
  await page.keyboard.type("ready to");
  await expect(sheet.getByRole("log").locator("mark").first()).toHaveText("Ready to");
  await page.keyboard.press("Escape");
  await openTab(page, "by-keyboard", "Settings");
  await tabTo(page, sheet.getByLabel("Note"));
  await page.keyboard.type("Made without a mouse");
  await page.keyboard.press("Enter");
  await tabTo(page, sheet.getByRole("button", { name: "Apply", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("The settings of by-keyboard are changed")).toBeVisible();
});

test("an app is deployed with it", async ({ signedIn: page, server }) => {
  await server.deploy({ type: "postgresql", name: "for-apps" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("new container");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Image")).toBeFocused();
  await page.keyboard.type("localhost/app-probe:1");
  await tabTo(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.press("Control+a");
  await page.keyboard.type("typed-app");
  await tabTo(page, page.getByRole("radio", { name: /^None/ }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^One that is there/ })).toBeChecked();
  await tabTo(page, page.getByLabel("Which"));
  await page.keyboard.type("for-apps");
  await expect(page.getByLabel("Which")).toHaveValue(/.+/);
  await tabTo(page, page.getByLabel("I know, use variables all the same"));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByLabel("Command"));
  await page.keyboard.type("sleep infinity");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/typed-app runs, after/)).toBeVisible({ timeout: 120_000 });
});

test("a database that somebody else made is adopted", async ({ signedIn: page }) => {
  podman("run", "--detach", "--name", FOUND, "docker.io/library/redis:7");
  const review = page.getByRole("region", { name: "Found on this host" }).getByRole("button", {
    name: "Review",
  });
  await tabTo(page, review);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  const name = dialog.getByLabel("Name", { exact: true });
  await expect(name).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("adopted");
  const adopt = dialog.getByRole("button", { name: "Adopt it" });
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(adopt).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
  await tabTo(page, adopt);
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("adopted is adopted and answered a login")).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  await expect(card(page, "adopted")).toBeVisible();
});

test("databases are released and deleted", async ({ signedIn: page }) => {
  await openTab(page, "adopted", "Settings");
  await tabTo(page, page.getByLabel("Type adopted to confirm"));
  await page.keyboard.type("adopted");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Release it" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(card(page, "adopted")).toBeHidden({ timeout: 30_000 });
  await openTab(page, "by-keyboard", "Settings");
  await tabTo(page, page.getByRole("radio", { name: /^Keep the data/ }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Delete the data as well/ })).toBeChecked();
  await tabTo(page, page.getByLabel("Type by-keyboard to confirm"));
  await page.keyboard.type("by-keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(card(page, "by-keyboard")).toBeHidden({ timeout: 30_000 });
  expect(podman("ps", "--all", "--format", "{{.Names}}").split("\n")).not.toContain(
    "stardeck-db-by-keyboard",
  );
});
