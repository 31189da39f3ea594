// Databases that somebody else made: found, looked at, adopted and given back.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, PASSWORD, podman, signIn, test } from "./server";

test.describe.configure({ mode: "serial" });

const IMAGE = "docker.io/library/postgres:16";
const [FORUM, CHANGED, DOOMED] = ["legacy-forum", "legacy-changed", "legacy-doomed"];

const run = (name: string, ...more: string[]) => podman("run", "--detach", "--name", name, ...more, IMAGE);
const idOf = (name: string) => podman("inspect", "--format", "{{.Id}}", name);
const networksOf = (name: string) =>
  podman("inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", name);

/** Asks for a look until the server answers, which it does a while after its container was started. */
async function look(page: Page, answer: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await dialog.getByRole("button", { name: "Look at it" }).click();
    await expect(dialog.getByText(answer)).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 120_000 });
}

const ANSWERED = "A login was answered. Nothing has changed yet.";

test.beforeAll(() => {
  run(FORUM, "--env", "POSTGRES_PASSWORD=from the environment");
  run(CHANGED, "--env", "POSTGRES_USER=maker", "--env", "POSTGRES_PASSWORD=known at first");
});

test.afterAll(() => {
  for (const name of [FORUM, CHANGED, DOOMED])
    podman("rm", "--force", "--ignore", "--volumes", "--time", "0", name);
});

test("an unmanaged container is found, looked at without a change, and adopted", async ({
  signedIn: page,
}) => {
  const id = idOf(FORUM);
  const bar = page.getByRole("region", { name: "Found on this host" });
  await expect(bar).toContainText("2 databases not managed yet");
  await expectAccessible(page, "found databases");
  await bar.getByRole("button", { name: "Review" }).click();
  const dialog = page.getByRole("dialog");
  const list = dialog.getByRole("list", { name: "Found databases" });
  const entry = list.getByRole("button", { name: FORUM });
  await expect(entry).toContainText("sure");
  await expect(entry).toContainText(IMAGE);
  await expectAccessible(page, "list of found databases");
  await entry.click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue(FORUM);
  await expect(dialog.getByText("Taken for PostgreSQL (sure), because:")).toBeVisible();
  await expect(dialog.getByLabel("Its password")).toBeHidden();
  await expectAccessible(page, "adoption");
  await look(page, ANSWERED);
  const report = dialog.getByRole("region", { name: "What was found" });
  await expect(report).toContainText("postgres (the variable POSTGRES_PASSWORD)");
  await expect(report).toContainText("without a restart");
  await expectAccessible(page, "report of an adoption");
  expect(networksOf(FORUM)).not.toContain("stardeck-data");
  // Another name is another question.
  await dialog.getByLabel("Name", { exact: true }).fill("forum");
  await expect(report).toBeHidden();
  await look(page, ANSWERED);
  await dialog.getByRole("button", { name: "Adopt it" }).click();
  await expect(dialog.getByText("forum is adopted and answered a login")).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByLabel("URL, internal")).toContainText("@forum:5432");
  await expectAccessible(page, "adopted");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  const card = page.locator("[data-database=forum]");
  await expect(card.getByText("Adopted", { exact: true })).toBeVisible();
  await expect(card.getByText("running")).toBeVisible();
  await expect(bar).toContainText("1 database not managed yet");
  expect(networksOf(FORUM)).toContain("stardeck-data");
  expect(idOf(FORUM)).toBe(id);
});

test("one whose login can not be read asks for it, and refuses a wrong one", async ({ signedIn: page }) => {
  const change = ["psql", "-h", "127.0.0.1", "-U", "maker", "-d", "postgres", "-c"];
  await expect(() =>
    podman(
      "exec",
      "--env",
      "PGPASSWORD=known at first",
      CHANGED,
      ...change,
      "ALTER ROLE maker PASSWORD 'changed since'",
    ),
  ).toPass({ timeout: 60_000 });
  const bar = page.getByRole("region", { name: "Found on this host" });
  await bar.getByRole("button", { name: "Review" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue(CHANGED);
  await look(page, "The container tells no login that works");
  await expectAccessible(page, "adoption that needs a login");
  await dialog.getByLabel("Administrator").fill("maker");
  await dialog.getByLabel("Its password").fill("guessed");
  await dialog.getByRole("button", { name: "Look at it" }).click();
  await expect(dialog.getByRole("alert")).toContainText("refused the login");
  await dialog.getByLabel("Its password").fill("changed since");
  await look(page, ANSWERED);
  await expect(dialog.getByText("maker (the password of the request)")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(networksOf(CHANGED)).not.toContain("stardeck-data");
});

test("one that does not run says what to do first, and goes on as soon as it does", async ({
  signedIn: page,
}) => {
  podman("stop", "--time", "10", CHANGED);
  await page
    .getByRole("region", { name: "Found on this host" })
    .getByRole("button", { name: "Review" })
    .click();
  const button = page.getByRole("button", { name: "Look at it" });
  await expect(page.getByRole("dialog")).toContainText("start it first");
  await expect(button).toHaveAttribute("aria-disabled", "true");
  podman("start", CHANGED);
  await expect(button).not.toHaveAttribute("aria-disabled");
});

test("what would need another container is answered with what to change there", async ({
  signedIn: page,
}) => {
  await page.locator("[data-database=forum]").getByRole("button", { name: "forum", exact: true }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await expect(page.getByText("Its container was made by somebody else")).toBeVisible();
  await page.getByLabel("Memory, in MiB").fill("512");
  await page.getByRole("button", { name: "Review the change" }).click();
  await expect(page.getByRole("alert")).toContainText("made by somebody else");
  await expect(page.getByRole("button", { name: /Delete the database/ })).toHaveCount(0);
  await expectAccessible(page, "settings of an adopted one");
});

test("an adopted one is released as it was, and is found again", async ({ signedIn: page }) => {
  const id = idOf(FORUM);
  await page.locator("[data-database=forum]").getByRole("button", { name: "forum", exact: true }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const button = page.getByRole("button", { name: "Release it" });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Type forum to confirm").fill("forum");
  await button.click();
  await expect(page.locator("[data-database=forum]")).toBeHidden({ timeout: 30_000 });
  await expect(page.getByText("forum is released")).toBeVisible();
  await expect(page.getByRole("region", { name: "Found on this host" })).toContainText(FORUM);
  expect(podman("inspect", "--format", "{{.Id}} {{.State.Status}}", FORUM)).toBe(`${id} running`);
  expect(networksOf(FORUM)).not.toContain("stardeck-data");
});

test("an adopted one is deleted with its data when that is asked for", async ({ signedIn: page, server }) => {
  podman("run", "--detach", "--name", DOOMED, "--volume", `${DOOMED}:/data`, "docker.io/library/redis:7");
  await expect(async () => {
    await server.ask("POST", `/api/databases/adopt/${DOOMED}`, { name: "doomed" });
  }).toPass({ timeout: 60_000 });
  await page.locator("[data-database=doomed]").getByRole("button", { name: "doomed", exact: true }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByRole("radio", { name: /^Take ownership/ }).check();
  await expectAccessible(page, "deleting an adopted one");
  await page.getByLabel("Type doomed to confirm").fill("doomed");
  await page.getByRole("button", { name: "Delete it and its data" }).click();
  await expect(page.locator("[data-database=doomed]")).toBeHidden({ timeout: 30_000 });
  expect(podman("ps", "--all", "--format", "{{.Names}}").split("\n")).not.toContain(DOOMED);
  expect(podman("volume", "ls", "--format", "{{.Name}}").split("\n")).not.toContain(DOOMED);
});

test("whoever is no administrator is not told what else runs on the host", async ({ page, server }) => {
  await server.ask("POST", "/api/users", { username: "olga", password: PASSWORD, role: "operator" });
  await signIn(page, server, "olga");
  await page.goto(`${server.url}/container-manager/?tab=databases&adopt=list`);
  await expect(page.getByRole("dialog")).toContainText("This needs the role admin; you are operator.");
  await expect(page.getByText(FORUM)).toHaveCount(0);
});
