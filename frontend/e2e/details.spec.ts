// The details of a database: its settings, its log, what it uses, and what is inside.
import type { Locator, Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expectAccessible } from "./axe";
import { expect, podman, signIn, test, type Server } from "./server";

test.describe.configure({ mode: "serial" });

let id = "";

/** Opens a part of the details by its address. */
async function open(page: Page, server: Server, view: string): Promise<Locator> {
  await page.goto(`${server.url}/container-manager/?tab=databases&db=${id}&view=${view}`);
  const sheet = page.getByRole("dialog", { name: "ledger" });
  await expect(sheet).toBeVisible();
  return sheet;
}

const inspect = (format: string) => podman("inspect", "--format", format, "stardeck-db-ledger");

test("its usage is drawn as it is measured", async ({ signedIn: page, server }) => {
  id = await server.deploy({ type: "postgresql", name: "ledger" });
  const sheet = await open(page, server, "overview");
  await expect(sheet.getByText(/MB.*of \d+ GB/)).toBeVisible();
  await expect(sheet.getByText(/% of a core|cores/)).toBeVisible();
  const line = sheet.getByRole("img", { name: "Memory over time" }).locator("polyline");
  await expect
    .poll(async () => ((await line.getAttribute("points")) ?? "").split(" ").length)
    .toBeGreaterThan(3);
});

test("a change says beforehand that it restarts the database, and then does it", async ({
  signedIn: page,
  server,
}) => {
  const before = inspect("{{.Id}}");
  const sheet = await open(page, server, "settings");
  await expect(sheet.getByRole("button", { name: "Review the change" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await sheet.getByLabel("Memory, in MiB").fill("8");
  await expect(sheet.getByText("A whole number from 16, or nothing.")).toBeVisible();
  await sheet.getByLabel("Memory, in MiB").fill("512");
  await sheet.getByLabel("Add a setting").fill("work_mem");
  await sheet.getByRole("button", { name: "Add", exact: true }).click();
  await sheet.getByRole("textbox", { name: "work_mem" }).fill("nonsense");
  await sheet.getByRole("button", { name: "Review the change" }).click();
  await expect(sheet.getByRole("alert").first()).toBeVisible();
  await expectAccessible(page, "refused settings");
  await sheet.getByRole("textbox", { name: "work_mem" }).fill("7MB");
  await sheet.getByRole("button", { name: "Review the change" }).click();
  const review = sheet.getByRole("region", { name: "Review" });
  await expect(review.getByText("It restarts: apps lose their connections for some seconds")).toBeVisible();
  await expect(review.getByText("512 MiB")).toBeVisible();
  await expect(review.getByText("7MB")).toBeVisible();
  await expectAccessible(page, "review of settings");
  expect(inspect("{{.Id}}")).toBe(before);
  await review.getByRole("button", { name: "Apply and restart" }).click();
  await expect(page.getByText("ledger runs with its new settings")).toBeVisible({ timeout: 120_000 });
  expect(inspect("{{.Id}}")).not.toBe(before);
  expect(inspect("{{.HostConfig.Memory}}")).toBe(String(512 * 1024 * 1024));
  await expect(sheet.getByRole("textbox", { name: "work_mem" })).toHaveValue("7MB");
});

test("a note is changed at once, without a restart", async ({ signedIn: page, server }) => {
  const before = inspect("{{.Id}}");
  const sheet = await open(page, server, "settings");
  await sheet.getByLabel("Note").fill("Books of the year");
  await sheet.getByRole("button", { name: "Review the change" }).click();
  await expect(sheet.getByText("It is done at once; nothing restarts")).toBeVisible();
  await sheet.getByRole("button", { name: "Apply", exact: true }).click();
  await sheet.getByRole("tab", { name: "Overview" }).click();
  await expect(sheet.getByText("Books of the year")).toBeVisible();
  expect(inspect("{{.Id}}")).toBe(before);
});

test("its port is opened, moved and closed", async ({ signedIn: page, server }) => {
  const sheet = await open(page, server, "settings");
  const apply = async () => {
    await sheet.getByRole("button", { name: "Review the change" }).click();
    await sheet.getByRole("button", { name: "Apply and restart" }).click();
  };
  const ask = () => server.ask<{ external_port: number | null }>("GET", `/api/databases/${id}`);
  await sheet.getByText("Also programs on this host").click();
  await apply();
  await expect.poll(async () => (await ask()).external_port, { timeout: 120_000 }).not.toBeNull();
  const first = (await ask()).external_port ?? 0;
  await expect(sheet.getByLabel("Port on the host")).toHaveValue(String(first), { timeout: 30_000 });
  await expect(sheet.getByRole("region", { name: "At work" })).toBeHidden({ timeout: 120_000 });
  await sheet.getByLabel("Port on the host").fill(String(first + 7));
  await apply();
  await expect.poll(async () => (await ask()).external_port, { timeout: 120_000 }).toBe(first + 7);
  await expect(sheet.getByRole("region", { name: "At work" })).toBeHidden({ timeout: 120_000 });
  await sheet.getByText("Apps on this host only, by name").click();
  await apply();
  await expect.poll(async () => (await ask()).external_port, { timeout: 120_000 }).toBeNull();
  await expect(sheet.getByRole("region", { name: "At work" })).toBeHidden({ timeout: 120_000 });
});

test("a change that somebody else was quicker with is refused", async ({ signedIn: page, server }) => {
  // The page is not told of what the other does.
  await page.routeWebSocket(/\/api\/events/, () => undefined);
  const sheet = await open(page, server, "settings");
  await sheet.getByLabel("Note").fill("mine");
  await sheet.getByRole("button", { name: "Review the change" }).click();
  await expect(sheet.getByText("It is done at once; nothing restarts")).toBeVisible();
  await page.route(/\/api\/databases\/[^/]+$/, (route) =>
    route.request().method() === "GET" ? route.abort() : route.continue(),
  );
  const { revision } = await server.ask<{ revision: number }>("GET", `/api/databases/${id}`);
  await server.ask(
    "PATCH",
    `/api/databases/${id}`,
    { description: "theirs" },
    { "if-match": `"${revision}"` },
  );
  await sheet.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(sheet.getByRole("alert")).toContainText("changed");
  const { description } = await server.ask<{ description: string }>("GET", `/api/databases/${id}`);
  expect(description).toBe("theirs");
});

test("its log is followed, paused, searched and saved", async ({ signedIn: page, server }) => {
  const sheet = await open(page, server, "logs");
  const log = sheet.getByRole("log");
  await expect(log).toContainText("ready to accept connections");
  const say = (word: string) =>
    podman("exec", "stardeck-db-ledger", "sh", "-c", `echo ${word} >/proc/1/fd/2`);
  say("first-sentence");
  await expect(log).toContainText("first-sentence");
  await sheet.getByRole("button", { name: "Pause" }).click();
  say("WARNING:second-sentence");
  await expect(sheet.getByRole("button", { name: "1 new line" })).toBeVisible();
  await expect(log).not.toContainText("second-sentence");
  await sheet.getByRole("button", { name: "1 new line" }).click();
  await expect(log).toContainText("second-sentence");
  await sheet.getByLabel("Level").selectOption("warning");
  await expect(log).not.toContainText("first-sentence");
  await expect(log).toContainText("second-sentence");
  await sheet.getByLabel("Level").selectOption("plain");
  await sheet.getByLabel("Search the log").fill("FIRST-sent");
  await expect(log.locator("mark")).toHaveText(["first-sent"]);
  await expect(log).not.toContainText("second-sentence");
  await expectAccessible(page, "searched log");
  const download = page.waitForEvent("download");
  await sheet.getByRole("button", { name: "Download the log" }).click();
  const file = await (await download).path();
  expect(readFileSync(file, "utf8")).toMatch(/first-sentence\n(.*\n)*.*second-sentence/);
});

test("a log whose connection is cut goes on where it was, and shows nothing twice", async ({
  signedIn: page,
  server,
}) => {
  const sheet = await open(page, server, "logs");
  const log = sheet.getByRole("log");
  await expect(log).toContainText("ready to accept connections");
  await server.stop("SIGKILL");
  await expect(sheet.getByText("The connection is lost")).toBeVisible();
  podman("exec", "stardeck-db-ledger", "sh", "-c", "echo in-between >/proc/1/fd/2");
  await server.start();
  await expect(log.getByText("in-between")).toHaveCount(1, { timeout: 30_000 });
  await expect(log.getByText("first-sentence")).toHaveCount(1);
  await expect(sheet.getByText("The connection is lost")).toBeHidden();
});

test("a database and a user are made inside, and dropped by their typed names", async ({
  signedIn: page,
  server,
}) => {
  const sheet = await open(page, server, "connections");
  await expect(sheet.getByRole("button", { name: "Create user" })).toHaveAttribute("aria-disabled", "true");
  await expectAccessible(page, "connections");
  await sheet.getByRole("button", { name: "Create database" }).click();
  await page.getByLabel("Name", { exact: true }).fill("books");
  await expectAccessible(page, "new database inside");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(sheet.locator("[data-inside=books]")).toBeVisible();
  await sheet.getByRole("button", { name: "Create user" }).click();
  await page.getByLabel("User name").fill("clerk");
  await page.getByText("Read only").click();
  await expectAccessible(page, "new user inside");
  await page.getByRole("button", { name: "Create the user" }).click();
  await expect(sheet.locator("[data-inside=clerk]").getByText("reads books")).toBeVisible();
  await sheet.getByRole("button", { name: "Show how clerk signs in" }).click();
  await page.getByRole("button", { name: "Show the password" }).last().click();
  const url = (await page.getByText(/^postgresql:\/\/clerk:/).textContent()) ?? "";
  const options = ["run", "--rm", "--network", "stardeck-data", "--env", `DATABASE_URL=${url}`];
  expect(podman(...options, "localhost/app-probe:1", "probe", "check")).not.toBe("");
  await page.keyboard.press("Escape");
  await sheet.getByRole("button", { name: "Drop the user clerk" }).click();
  await page.getByLabel("Type clerk to confirm").fill("clerk");
  await page.getByRole("button", { name: "Drop the user", exact: true }).click();
  await expect(sheet.locator("[data-inside=clerk]")).toBeHidden();
  await sheet.getByRole("button", { name: "Drop the database books" }).click();
  await page.getByLabel("Type books to confirm").fill("books");
  await page.getByRole("button", { name: "Drop the database", exact: true }).click();
  await expect(sheet.locator("[data-inside=books]")).toBeHidden();
});

test("a viewer reads the settings and what is inside, and is told why no more", async ({ page, server }) => {
  const account = { username: "victor", password: "correct horse battery", role: "viewer" };
  await server.ask("POST", "/api/users", account);
  await signIn(page, server, "victor");
  const sheet = await open(page, server, "settings");
  await expect(sheet.getByRole("note").getByText("This needs the role admin; you are viewer.")).toBeVisible();
  await expect(sheet.getByLabel("Note")).toBeDisabled();
  await sheet.getByRole("tab", { name: "Connections" }).click();
  await expect(sheet.getByRole("button", { name: "Create database" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await sheet.getByRole("tab", { name: "Logs" }).click();
  const refusal = sheet.getByRole("tabpanel").getByText("This needs the role operator; you are viewer.");
  await expect(refusal).toBeVisible();
});
