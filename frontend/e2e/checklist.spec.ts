// The plan's checklist, line by line: what a person does on the page, and what Podman says about it afterwards.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, PASSWORD, podman, signIn, test, type Server } from "./server";

test.describe.configure({ mode: "serial" });

const card = (page: Page, name: string) => page.locator(`[data-database="${name}"]`);

/** Goes through the dialog up to the button that deploys. */
async function configure(page: Page, engine: RegExp, name: string, isOpen = false): Promise<void> {
  await page.getByRole("button", { name: "New database" }).click();
  await page.getByRole("dialog").getByRole("button", { name: engine }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  if (isOpen) await page.getByText("Also programs on this host").click();
}

async function deployAndClose(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(`${name} is running and answered a login`)).toBeVisible({ timeout: 120_000 });
  await page
    .getByRole("contentinfo")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Close" })
    .last()
    .click();
}

async function open(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.url}/container-manager/?tab=databases`);
}

test("the first administrator is made by the one-time link", async ({ page, bare }) => {
  await page.goto(`${bare.url}/setup/#token=${bare.setupToken}`);
  await expect(page.getByLabel("User name")).toBeVisible();
  await expectAccessible(page, "set-up");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the administrator" }).click();
  await expect(page.getByRole("heading", { name: "Set up your first database" })).toBeVisible();
  await page.goto(`${bare.url}/setup/`);
  await expect(page.getByText("This server is set up already")).toBeVisible();
});

test("nobody gets in without signing in, and everybody comes back to where they were going", async ({
  page,
  server,
}) => {
  const errors: string[] = [];
  page.on("console", (message) => (message.type() === "error" ? errors.push(message.text()) : undefined));
  await page.goto(`${server.url}/audit/`);
  await expect(page).toHaveURL(/\/login\/\?next=%2Faudit%2F/);
  await expectAccessible(page, "login");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The login was refused")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
  await expect(page.getByText("login failed")).toBeVisible();
  await expectAccessible(page, "audit");
  // The policy names every script of the page; a refused one would be told here.
  expect(errors.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
});

test("a PostgreSQL database is made in the wizard and appears in the tab", async ({ signedIn: page }) => {
  await expectAccessible(page, "welcome");
  await page.getByRole("button", { name: "Create database" }).click();
  await expectAccessible(page, "type");
  await page.keyboard.press("Escape");
  await configure(page, /PostgreSQL/, "shop", true);
  await expect(page.getByText("Apps will reach it at shop:5432")).toBeVisible();
  await expectAccessible(page, "configure");
  await deployAndClose(page, "shop");
  await expect(card(page, "shop").getByText("running")).toBeVisible();
  await expect(card(page, "shop").getByText("shop:5432")).toBeVisible();
  expect(podman("inspect", "--format", "{{.State.Status}}", "stardeck-db-shop")).toBe("running");
});

test("a MariaDB database is made in the wizard, and a taken name is told before anything is sent", async ({
  signedIn: page,
}) => {
  await configure(page, /MariaDB/, "shop");
  await expect(page.getByText("There is a database of this name.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("wiki");
  await deployAndClose(page, "wiki");
  await expect(card(page, "wiki").getByText("wiki:3306")).toBeVisible();
  await expectAccessible(page, "databases");
});

test("it is stopped and started from its card", async ({ signedIn: page }) => {
  const menu = card(page, "shop").getByRole("button", { name: "What to do with shop" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Stop" }).click();
  await expect(card(page, "shop").getByText("stopped")).toBeVisible({ timeout: 30_000 });
  expect(podman("inspect", "--format", "{{.State.Status}}", "stardeck-db-shop")).toBe("exited");
  await menu.click();
  await page.getByRole("menuitem", { name: "Start", exact: true }).click();
  await expect(card(page, "shop").getByText("running")).toBeVisible({ timeout: 30_000 });
});

test("what happens in a shell shows on the page by itself", async ({ signedIn: page }) => {
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  podman("pause", "stardeck-db-shop");
  await expect(card(page, "shop").getByText("paused", { exact: true })).toBeVisible();
  podman("unpause", "stardeck-db-shop");
  await expect(card(page, "shop").getByText("running")).toBeVisible();
});

test("the details show the password on demand only, and it opens the database", async ({
  signedIn: page,
}) => {
  await card(page, "shop").getByRole("button", { name: "shop", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "shop" });
  await expect(sheet.getByLabel("URL, internal")).toContainText("••••••••@shop:5432");
  await expectAccessible(page, "details");
  await sheet.getByRole("button", { name: "Show the password" }).click();
  const url = sheet.getByLabel("URL, internal");
  await expect(url).not.toContainText("•");
  const text = (await url.textContent()) ?? "";
  const answer = podman(
    "run",
    "--rm",
    "--network",
    "stardeck-data",
    "--env",
    `DATABASE_URL=${text}`,
    "localhost/app-probe:1",
    "probe",
    "check",
  );
  expect(answer).not.toBe("");
  await sheet.getByRole("tab", { name: "Logs" }).click();
  await expect(sheet.getByRole("log")).toContainText("ready to accept connections");
  await expectAccessible(page, "logs");
  await expect(page).toHaveURL(/view=logs/);
  await page.goBack();
  await expect(sheet).toBeHidden();
});

test("several databases share no port", async ({ signedIn: page, server }) => {
  await configure(page, /PostgreSQL/, "second", true);
  await deployAndClose(page, "second");
  const { items } = await server.ask<{ items: { external_port: number | null }[] }>("GET", "/api/databases");
  const ports = items.map((database) => database.external_port).filter((port) => port !== null);
  expect(ports).toHaveLength(2);
  expect(new Set(ports).size).toBe(2);
});

test("a deployment goes on while the server is killed, and the page follows it to its end", async ({
  signedIn: page,
  server,
}) => {
  await configure(page, /Redis/, "x".repeat(50));
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(/At work/)).toBeVisible();
  await server.stop("SIGKILL");
  await expect(
    page.getByText("reconnecting").or(page.getByText("The connection is lost")).first(),
  ).toBeVisible();
  await server.start();
  const end = page.getByText(/is running and answered a login|Everything was taken back/).first();
  await expect(end).toBeVisible({ timeout: 120_000 });
});

test("a failed deployment says why, and Back keeps what was typed", async ({ signedIn: page }) => {
  await configure(page, /Redis/, "typo");
  await page.getByText("Advanced").click();
  await page.getByLabel("Image").fill("docker.io/library/redis:7-no-such-tag");
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText("Everything was taken back; nothing of it is left.")).toBeVisible({
    timeout: 120_000,
  });
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("typo");
});

test("deleting asks for the name and the data's fate, and leaves nothing", async ({
  signedIn: page,
  server,
}) => {
  await open(page, server);
  await card(page, "second").getByRole("button", { name: "second", exact: true }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const button = page.getByRole("button", { name: /Delete the database/ });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page, "settings");
  await page.getByText("Delete the data as well").click();
  await page.getByLabel("Type second to confirm").fill("second");
  await button.click();
  await expect(card(page, "second")).toBeHidden({ timeout: 30_000 });
  expect(podman("ps", "--all", "--format", "{{.Names}}", "--filter", "name=stardeck-db-second")).toBe("");
  const volumes = podman("volume", "ls", "--format", "{{.Name}} {{.Labels}}").split("\n");
  expect(volumes.filter((line) => line.includes("second"))).toEqual([]);
});

test("kept data is offered and attached again", async ({ signedIn: page }) => {
  await card(page, "wiki").getByRole("button", { name: "wiki", exact: true }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText("Keep the data", { exact: true }).click();
  await page.getByLabel("Type wiki to confirm").fill("wiki");
  await page.getByRole("button", { name: /Delete the database/ }).click();
  await expect(page.getByRole("heading", { name: "Kept data" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Attach again" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("wiki");
  await deployAndClose(page, "wiki");
  await expect(card(page, "wiki").getByText("running")).toBeVisible();
});

test("a viewer sees what may not be done, and why", async ({ page, server }) => {
  await server.ask("POST", "/api/users", { username: "vera", password: PASSWORD, role: "viewer" });
  await signIn(page, server, "vera");
  const create = page.getByRole("button", { name: "New database" });
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await create.focus();
  await expect(page.getByRole("tooltip")).toHaveText("This needs the role admin; you are viewer.");
  await card(page, "shop").getByRole("button", { name: "shop", exact: true }).click();
  await expect(page.getByRole("button", { name: "Show the password" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await expect(page.getByRole("button", { name: "Stop" })).toHaveAttribute("aria-disabled", "true");
});

test("a session that ends takes nothing that was typed with it", async ({ signedIn: page, server }) => {
  await configure(page, /PostgreSQL/, "half-filled");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await page.getByRole("textbox", { name: "Password" }).last().fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Your session has ended")).toBeHidden();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("half-filled");
  await open(page, server);
});

test("people are added and removed", async ({ signedIn: page }) => {
  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("button", { name: "New user" }).click();
  await expectAccessible(page, "new user");
  await page.getByLabel("User name").fill("otto");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByText("operator", { exact: true }).last().click();
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("combobox", { name: "Role of otto" })).toHaveValue("operator");
  await expectAccessible(page, "users");
  await page.getByRole("button", { name: "Delete otto" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("combobox", { name: "Role of otto" })).toBeHidden();
});
