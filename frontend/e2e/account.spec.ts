// What is somebody's own: the sessions they are in, and the tokens their programs sign in with.
import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { tabTo } from "./keys";
import { expect, PASSWORD, signIn, test, type Server } from "./server";

test.describe.configure({ mode: "serial" });

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

/** The status of what a program is answered that signs in with a token. */
async function statusFor(server: Server, token: string, path: string, body?: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await fetch(`${server.url}${path}`, { headers, ...init })).status;
}

/** The status of what the page itself is answered, with its own session. */
const ownStatus = (page: Page) => page.evaluate(async () => (await fetch("/api/auth/me")).status);

/** The id of the session that the page is in. */
const ownSession = (page: Page) =>
  page.evaluate(async () => {
    const { items } = (await (await fetch("/api/sessions")).json()) as {
      items: { id: string; is_current: boolean }[];
    };
    return items.find(({ is_current }) => is_current)?.id ?? "";
  });

/** Another browser, with a session of its own. */
async function elsewhere(browser: Browser, server: Server, username: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: DESK })).newPage();
  await signIn(page, server, username);
  return page;
}

async function expectToFit(page: Page, what: string): Promise<void> {
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    const wide = await page.evaluate(() =>
      [
        document.documentElement,
        ...document.querySelectorAll("[role=dialog] > :not(.sr-only), [role=region]"),
      ]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => box.outerHTML.slice(0, 200)),
    );
    expect(wide, `${what} at ${size.width}`).toEqual([]);
  }
}

test.beforeAll(async ({ server }) => {
  // The sessions and tokens of these are nobody else's: the tests' own session is not among them.
  for (const [username, role] of [
    ["olga", "operator"],
    ["otto", "operator"],
  ]) {
    await server.ask("POST", "/api/users", { username, password: PASSWORD, role });
  }
});

test("a token is made, does what its scope says, and is refused once it is revoked", async ({
  page,
  server,
}) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, server, "olga");
  await page.getByRole("button", { name: "Account of olga" }).click();
  await page.getByRole("menuitem", { name: "Account", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await expect(page.getByText("No program has a token of yours.")).toBeVisible();
  await expectAccessible(page, "account");
  await page.getByRole("button", { name: "New token" }).click();
  await expect(page).toHaveURL(/new=token/);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: /^admin/ })).toBeDisabled();
  await expect(dialog.getByText("This needs the role admin; you are operator.")).toBeVisible();
  await expectAccessible(page, "new token");
  const name = "a nightly look at what runs, whose name is as long as it may be.";
  expect(name).toHaveLength(64);
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByRole("radio", { name: /^read/ }).check();
  await dialog.getByLabel("Ends after").selectOption({ label: "Other …" });
  await dialog.getByLabel("Days").fill("3651");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await expect(dialog.getByLabel("The token", { exact: true })).toBeHidden();
  await dialog.getByLabel("Days").fill("45");
  await expectToFit(page, "new token");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const token = (await dialog.getByLabel("The token", { exact: true }).textContent()) ?? "";
  expect(token).toMatch(/^stardeck_.{20,}$/);
  await dialog.getByRole("button", { name: "Copy the token" }).click();
  await expect(dialog.getByRole("button", { name: "Copied the token" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await expectAccessible(page, "token that was made");
  await expectToFit(page, "token that was made");

  expect(await statusFor(server, token, "/api/databases")).toBe(200);
  expect(await statusFor(server, token, "/api/databases", { type: "redis", name: "not-made" })).toBe(403);
  expect(await statusFor(server, token, "/api/users")).toBe(403);

  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  // Once is once.
  await page.reload();
  const row = page.locator("[data-token]");
  await expect(row).toHaveAttribute("data-token", name);
  await expect(row).toContainText("in 45 days");
  await expect(row.getByText("just now").last()).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
  await expectAccessible(page, "tokens");
  await expectToFit(page, "tokens");
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await expectAccessible(page, "revoke");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  expect(await statusFor(server, token, "/api/databases")).toBe(200);
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await expect(row).toHaveCount(0);
  expect(await statusFor(server, token, "/api/databases")).toBe(401);
});

test("a token is made and revoked by the keyboard alone", async ({ page, server }) => {
  await signIn(page, server, "olga");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("new api token");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("typed");
  await tabTo(page, page.getByRole("radio", { name: /^read/ }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^operate/ })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Make the token" }));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("The token", { exact: true })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Enter");
  const row = page.locator("[data-token=typed]");
  await expect(row).toContainText("operate");
  await tabTo(page, row.getByRole("button", { name: "Revoke typed" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Revoke it" }));
  await page.keyboard.press("Enter");
  await expect(row).toHaveCount(0);
});

test("a token whose owner may less by now says so, and does less", async ({ page, server }) => {
  await signIn(page, server, "olga");
  const made = await page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name: "operates", scope: "operate" });
    const answer = await fetch("/api/tokens", { method: "POST", headers, body });
    return ((await answer.json()) as { token: string }).token;
  });
  const { items } = await server.ask<{ items: { id: string; username: string }[] }>("GET", "/api/users");
  const id = items.find(({ username }) => username === "olga")?.id ?? "";
  await server.ask("PATCH", `/api/users/${id}`, { role: "viewer" });
  expect(await statusFor(server, made, "/api/databases")).toBe(200);
  await page.context().clearCookies();
  await signIn(page, server, "olga");
  await page.goto(`${server.url}/account/`);
  await expect(page.locator("[data-token=operates]")).toContainText("operate, limited to your role, viewer");
});

test("a session elsewhere is ended here, and refused there", async ({ page, server, browser }) => {
  await signIn(page, server, "otto");
  const other = await elsewhere(browser, server, "otto");
  expect(await ownStatus(other)).toBe(200);
  const [here, there] = [await ownSession(page), await ownSession(other)];
  await page.goto(`${server.url}/account/`);
  const rows = page.locator("[data-session]");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toHaveAttribute("data-session", here);
  await expect(rows.first()).toContainText("this session");
  await expectAccessible(page, "sessions");
  await expectToFit(page, "sessions");
  await page
    .locator(`[data-session="${there}"]`)
    .getByRole("button", { name: /^End the session/ })
    .click();
  await expectAccessible(page, "end of a session");
  await page.getByRole("button", { name: "End it" }).click();
  await expect(rows).toHaveCount(1);
  expect(await ownStatus(other)).toBe(401);
  await other.goto(`${server.url}/account/`);
  await expect(other).toHaveURL(/\/login\/\?next=%2Faccount%2F/);
  expect(await ownStatus(page)).toBe(200);
  await other.context().close();
});

test("all others are ended together, and this one stays", async ({ page, server, browser }) => {
  await signIn(page, server, "otto");
  const others = [await elsewhere(browser, server, "otto"), await elsewhere(browser, server, "otto")];
  await page.goto(`${server.url}/account/`);
  await expect(page.locator("[data-session]").nth(2)).toBeVisible();
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByRole("dialog")).toContainText("other sessions end at once");
  await expectAccessible(page, "end of all others");
  await page.getByRole("button", { name: "End them" }).click();
  await expect(page.locator("[data-session]")).toHaveCount(1);
  for (const other of others) {
    expect(await ownStatus(other)).toBe(401);
    await other.context().close();
  }
  expect(await ownStatus(page)).toBe(200);
  await expect(page.getByRole("button", { name: "End all others" })).toHaveAttribute("aria-disabled", "true");
});

test("this session is left by signing out, which is asked first", async ({ page, server }) => {
  await signIn(page, server, "otto");
  await page.goto(`${server.url}/account/`);
  await page.getByRole("button", { name: "Sign out of this session" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("signs you out here");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await ownStatus(page)).toBe(200);
  await page.getByRole("button", { name: "Sign out of this session" }).click();
  await dialog.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByLabel("User name")).toBeVisible();
  expect(await ownStatus(page)).toBe(401);
});

test("a new password is set on the page, and ends the other sessions", async ({ page, server, browser }) => {
  await signIn(page, server, "otto");
  const other = await elsewhere(browser, server, "otto");
  await page.goto(`${server.url}/account/`);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByLabel("Password until now").fill(PASSWORD);
  await page.getByLabel("New password").fill("another horse, another battery");
  await expectAccessible(page, "new password");
  await page.getByRole("button", { name: "Change it" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await expect(page.locator("[data-session]")).toHaveCount(1);
  expect(await ownStatus(other)).toBe(401);
  await other.context().close();
});
