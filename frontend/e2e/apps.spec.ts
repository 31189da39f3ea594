// Apps and the databases they use.
import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, podman, test, type Server } from "./server";

test.describe.configure({ mode: "serial" });

const PROBE = "localhost/app-probe:1";

async function fill(page: Page, server: Server, name: string): Promise<void> {
  await page.goto(`${server.url}/container-create/`);
  await page.getByLabel("Image").fill(PROBE);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Command").fill("sleep infinity");
}

/** What the app finds by the URL in its own environment. */
async function probe(server: Server, name: string, word = "check"): Promise<string> {
  const { items } = await server.ask<{ items: { name: string; container_name: string }[] }>(
    "GET",
    "/api/containers",
  );
  const container = items.find((app) => app.name === name)?.container_name ?? "";
  return podman("exec", container, "probe", word);
}

test("an app is deployed with a database that is there, and reaches it by name", async ({
  signedIn: page,
  server,
}) => {
  await server.deploy({ type: "postgresql", name: "common" });
  await fill(page, server, "blog");
  await page.getByText("One that is there").click();
  await page.getByLabel("Which").selectOption({ label: "common (PostgreSQL 16)" });
  const environment = page.getByRole("list", { name: "Environment" });
  await expect(environment.getByText("DATABASE_URL", { exact: true })).toBeVisible();
  await expect(environment.getByText(/@common:5432\/blog/).first()).toBeVisible();
  await page.getByRole("checkbox", { name: /^On a network of their own/ }).check();
  await page.getByText("I know, use variables all the same").click();
  await expectAccessible(page, "new container");
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(/blog runs, after/)).toBeVisible({ timeout: 120_000 });
  await expectAccessible(page, "deployed container");
  expect(await probe(server, "blog")).not.toBe("");
  const networks = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}";
  expect(podman("inspect", "--format", networks, "stardeck-app-blog").trim()).toMatch(
    /^stardeck-link-blog-\S+$/,
  );
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("dialog", { name: "blog" }).getByText("running")).toBeVisible();
  await expectAccessible(page, "container");
});

test("an app is deployed with a new database of its own", async ({ signedIn: page, server }) => {
  await fill(page, server, "forum-app");
  await page.getByText("A new one for this app alone").click();
  await page.getByLabel("Type", { exact: true }).selectOption({ label: "MariaDB" });
  await expect(page.getByText("a new MariaDB, forum-app-db")).toBeVisible();
  await page.getByText("I know, use variables all the same").click();
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(/forum-app runs, after/)).toBeVisible({ timeout: 200_000 });
  expect(await probe(server, "forum-app")).not.toBe("");
  await page.goto(`${server.url}/container-manager/?tab=databases`);
  const card = page.locator("[data-database=forum-app-db]");
  await expect(card.getByText("Dedicated")).toBeVisible();
  await expect(card.getByText("1 app")).toBeVisible();
});

test("a link gets a new password, which the app has, and is removed", async ({ signedIn: page, server }) => {
  await page.locator("[data-database=common]").getByRole("button", { name: "common", exact: true }).click();
  await page.getByRole("tab", { name: "Connections" }).click();
  const link = page.locator("[data-link=blog]");
  await expect(link).toBeVisible();
  await expectAccessible(page, "linked apps");
  await link.getByRole("button", { name: "Show how blog signs in" }).click();
  await page.getByRole("button", { name: "Show the variables" }).click();
  const before = await page
    .getByText(/^postgresql:\/\/blog:/)
    .first()
    .textContent();
  await page.keyboard.press("Escape");
  await link.getByRole("button", { name: "Give blog a new password" }).click();
  await expect(page.getByText("blog has its new password")).toBeVisible({ timeout: 120_000 });
  expect(await probe(server, "blog")).not.toBe("");
  await link.getByRole("button", { name: "Show how blog signs in" }).click();
  await page.getByRole("button", { name: "Show the variables" }).click();
  await expect(page.getByText(/^postgresql:\/\/blog:/).first()).not.toHaveText(before ?? "");
  await page.keyboard.press("Escape");
  await link.getByRole("button", { name: "Unlink blog" }).click();
  await page.getByText("Drop the user and the data").click();
  await expectAccessible(page, "unlink");
  await page.getByLabel("Type blog to confirm").fill("blog");
  await page.getByRole("button", { name: "Unlink", exact: true }).click();
  await expect(link).toBeHidden({ timeout: 120_000 });
  await expect(page.locator("[data-inside=blog]")).toHaveCount(0);
});

test("an image says what its app seems to want, and a click takes it over", async ({
  signedIn: page,
  server,
}) => {
  await page.goto(`${server.url}/container-create/`);
  await page.getByLabel("Image").fill("docker.io/library/miniflux:2");
  const hints = page.getByRole("region", { name: "What the image says" });
  await expect(hints).toContainText("It seems to want PostgreSQL.");
  await expectAccessible(page, "hints of an image");
  await hints.getByRole("button", { name: "Use common" }).click();
  await expect(page.getByLabel("Which")).toHaveValue(/.+/);
  await expect(page.getByText("miniflux in common")).toBeVisible();
  await expect(hints).toBeHidden();
  await page.getByText("None", { exact: true }).click();
  await hints.getByRole("button", { name: "A new PostgreSQL for it" }).click();
  await expect(page.getByText("a new PostgreSQL, miniflux-db")).toBeVisible();
  // Of an image that is here more is known than its name.
  await page.getByLabel("Image").fill(PROBE);
  await hints.getByRole("button", { name: "Open its port 3000" }).click();
  await expect(page.getByLabel("Port of the app 1")).toHaveValue("3000");
  await expect(page.getByText("127.0.0.1:a free one → 3000")).toBeVisible();
});

test("a connection string is taken apart as it is typed, tried, and used by an app", async ({
  signedIn: page,
  server,
}) => {
  const { items } = await server.ask<{ items: { id: string; name: string }[] }>("GET", "/api/databases");
  const id = items.find(({ name }) => name === "common")?.id ?? "";
  const { internal_url: url } = await server.ask<{ internal_url: string }>(
    "GET",
    `/api/databases/${id}/credentials`,
  );
  await fill(page, server, "outsider");
  await page.getByText("One somewhere else").click();
  const field = page.getByLabel("Connection string", { exact: true });
  await field.fill("nonsense");
  await expect(page.getByText("This is no connection string")).toBeVisible();
  await field.fill("postgresql://ada:secret@localhost/shop");
  await expect(page.getByRole("alert").filter({ hasText: "host.containers.internal" })).toBeVisible();
  await field.fill(url.replace(/:[^:@/]+@/, ":wrong@"));
  const parts = page.getByLabel("Its parts");
  await expect(parts).toContainText("common");
  await expect(parts).not.toContainText("wrong");
  const environment = page.getByRole("list", { name: "Environment" });
  await expect(environment.getByText("DATABASE_URL", { exact: true })).toBeVisible();
  await expect(environment).not.toContainText("wrong");
  const test = page.getByRole("button", { name: "Test the connection" });
  await test.click();
  const told = page.getByRole("alert").filter({ hasText: "It can not be used" });
  await expect(told).toContainText("refuses the login");
  await page.getByText("I know, use variables all the same").click();
  await expectAccessible(page, "external database");
  await field.fill(url.replace(/:[^:@/]+@/, ":wrong-as-well@"));
  await expect(told).toBeHidden();
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "refuses the login" })).toBeVisible();
  await field.fill(url);
  await test.click();
  await expect(page.getByText(/It answers: version 1/)).toBeVisible();
  await expect(page.getByText("The login was tried from the network of the apps.")).toBeVisible();
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(/outsider runs, after/)).toBeVisible({ timeout: 120_000 });
  expect(await probe(server, "outsider")).not.toBe("");
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("dialog", { name: "outsider" })).toContainText(
    "One that somebody else runs, at common:5432",
  );
});

test("apps are deleted by their typed names", async ({ signedIn: page, server }) => {
  for (const name of ["blog", "forum-app", "outsider"]) {
    await page.goto(`${server.url}/container-manager/?tab=containers`);
    await page.locator(`[data-app=${name}]`).getByRole("button", { name, exact: true }).click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByLabel(`Type ${name} to confirm`).fill(name);
    await page.getByRole("button", { name: "Delete the container" }).click();
    await expect(page.locator(`[data-app=${name}]`)).toBeHidden({ timeout: 60_000 });
  }
  const left = podman("ps", "--all", "--format", "{{.Names}}").split("\n");
  expect(left.filter((name) => /blog|outsider|forum-app$/.test(name))).toEqual([]);
});
