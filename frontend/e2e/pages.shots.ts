// Pictures of every page and dialog, dark and light, on a telephone and on a desk. They go to `target/screenshots`.
import type { Page } from "@playwright/test";
import { join } from "node:path";
import { expect, podman, signIn, test } from "./server";

const FOLDER = process.env.STARDECK_SCREENSHOTS ?? join("..", "target", "screenshots");
const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };
const only = process.env.STARDECK_SHOTS?.split(",");

async function shoot(page: Page, name: string): Promise<void> {
  if (only && !only.some((word) => name.includes(word))) return;
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.evaluate(
      (isDark) => document.documentElement.classList.toggle("dark", isDark),
      theme === "dark",
    );
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${size}.png`) });
    }
  }
  await page.setViewportSize(SIZES.desk);
}

test("before anybody is there", async ({ page, bare }) => {
  await page.goto(`${bare.url}/setup/#token=${bare.setupToken}`);
  await page.getByLabel("User name").waitFor();
  await shoot(page, "setup");
});

test("the databases", async ({ page, server }) => {
  test.setTimeout(600_000);
  await page.goto(`${server.url}/login/`);
  await shoot(page, "login");
  await signIn(page, server);
  await page.getByRole("heading", { name: "Set up your first database" }).waitFor();
  await shoot(page, "welcome");
  await page.getByRole("button", { name: "New database" }).click();
  await page.getByRole("list", { name: "Types of databases" }).waitFor();
  await shoot(page, "create-type");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /PostgreSQL/ })
    .click();
  await page.getByLabel("Name", { exact: true }).fill("shop");
  await page.getByText("Also programs on this host").click();
  await page.getByText("Advanced").click();
  await shoot(page, "create-configure");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText(/At work/).waitFor();
  await shoot(page, "create-deploy");
  await page.getByText(/is running and answered/).waitFor({ timeout: 120_000 });
  await shoot(page, "create-done");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: "Facts" }).waitFor();
  await page.getByRole("button", { name: "Show the password" }).click();
  await page.waitForTimeout(500);
  await shoot(page, "details-overview");
  await page.getByRole("tab", { name: "Connections" }).click();
  await page.getByRole("button", { name: "Create database" }).click();
  await page.getByLabel("Name", { exact: true }).fill("shop");
  await shoot(page, "inside-new-database");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.locator("[data-inside=shop]").waitFor();
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByLabel("User name").fill("reporter");
  await page.getByText("Read only").click();
  await shoot(page, "inside-new-user");
  await page.getByRole("button", { name: "Create the user" }).click();
  await page.locator("[data-inside=reporter]").waitFor();
  await shoot(page, "details-connections");
  await page.getByRole("button", { name: "Drop the database shop" }).click();
  await shoot(page, "inside-drop");
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByRole("log").getByText("ready to accept").first().waitFor();
  await shoot(page, "details-logs");
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText("Danger zone").waitFor();
  await page.getByLabel("Memory, in MiB").fill("512");
  await page.getByLabel("Add a setting").fill("work_mem");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("textbox", { name: "work_mem" }).fill("8MB");
  await page.getByRole("button", { name: "Review the change" }).click();
  await page.getByRole("region", { name: "Review" }).scrollIntoViewIfNeeded();
  await shoot(page, "details-settings-review");
  await page.getByText("Danger zone").scrollIntoViewIfNeeded();
  await shoot(page, "details-danger");
  await page.getByRole("textbox", { name: "Note" }).scrollIntoViewIfNeeded();
  await shoot(page, "details-settings");
  await page.keyboard.press("Escape");
  const gone = await server.deploy({ type: "redis", name: "old-cache" });
  await server.ask("DELETE", `/api/databases/${gone}?data=keep&confirm=old-cache`);
  await server.deploy({ type: "mariadb", name: "wiki", is_shared: false });
  await server.deploy({ type: "redis", name: "a-name-that-is-as-long-as-the-rules-allow-it-to-be" });
  const stopped = await server.deploy({ type: "postgresql", name: "archive", version: "17" });
  await server.ask("POST", `/api/databases/${stopped}/stop`);
  await server
    .ask("POST", "/api/databases", {
      type: "postgresql",
      name: "nowhere",
      image: "docker.io/library/postgres:16-nowhere",
    })
    .catch(() => null);
  await page.reload();
  await page.getByRole("list", { name: "Databases" }).waitFor();
  await page.getByText("Kept data").waitFor();
  await shoot(page, "databases");
  await page.getByRole("button", { name: "What to do with wiki" }).click();
  await shoot(page, "card-menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await shoot(page, "keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "What do you want?" }).waitFor();
  await page.keyboard.type("w");
  await shoot(page, "palette");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete for good" }).click();
  await shoot(page, "kept-delete");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New database" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Redis/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("typo");
  await page.getByText("Advanced").click();
  await page.getByLabel("Image").fill("docker.io/library/redis:7-no-such-tag");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText("Everything was taken back").waitFor({ timeout: 120_000 });
  await shoot(page, "create-failed");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Account of admin" }).click();
  await page.getByRole("menuitem", { name: /password/i }).click();
  await shoot(page, "password");
  await page.keyboard.press("Escape");
  await page.goto(`${server.url}/nowhere/`);
  await page.getByText("There is nothing here").waitFor();
  await shoot(page, "not-found");
});

test("databases that somebody else made", async ({ page, server }) => {
  const made = ["gitea-db", "a-cache-that-somebody-gave-a-name-of-sixty-characters-in-all"] as const;
  const remove = () =>
    made.forEach((name) => podman("rm", "--force", "--volumes", "--ignore", "--time", "0", name));
  remove();
  const password = ["--env", "POSTGRES_USER=gitea", "--env", "POSTGRES_PASSWORD=of somebody else"];
  podman("run", "--detach", "--name", made[0], ...password, "docker.io/library/postgres:16");
  podman("create", "--name", made[1], "docker.io/library/redis:7");
  await signIn(page, server);
  await page.getByRole("region", { name: "Found on this host" }).waitFor();
  await shoot(page, "found");
  await page.getByRole("button", { name: "Review" }).click();
  await page.getByRole("list", { name: "Found databases" }).waitFor();
  await shoot(page, "adopt-list");
  await page.getByRole("button", { name: made[1] }).click();
  await shoot(page, "adopt-at-rest");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: made[0] }).click();
  const look = page.getByRole("button", { name: "Look at it" });
  await expect(async () => {
    await look.click();
    await expect(page.getByText("A login was answered")).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
  await shoot(page, "adopt-report");
  await page.route(/adopt\/.*dry_run=true/, (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      json: {
        type: "/docs/problems/credentials_rejected",
        title: "The database server refused the login",
        status: 422,
        code: "credentials_rejected",
        detail: "no login works (no password for gitea: wrong password); give admin_user and admin_password",
      },
    }),
  );
  await page.getByLabel("Name", { exact: true }).fill("gitea");
  await look.click();
  await page.getByLabel("Its password").waitFor();
  await shoot(page, "adopt-login");
  await page.unroute(/adopt\/.*dry_run=true/);
  await look.click();
  await page.getByRole("button", { name: "Adopt it" }).click();
  await page.getByText("gitea is adopted").waitFor({ timeout: 60_000 });
  await shoot(page, "adopt-done");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText("Its container was made").waitFor();
  await shoot(page, "adopted-settings");
  await page.getByText("Danger zone").scrollIntoViewIfNeeded();
  await shoot(page, "adopted-release");
  await page.getByLabel("Type gitea to confirm").fill("gitea");
  await page.getByRole("button", { name: "Release it" }).click();
  await page.locator("[data-database=gitea]").waitFor({ state: "detached" });
  remove();
});

test("people", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/users/`);
  await page.getByRole("button", { name: "New user" }).waitFor();
  await shoot(page, "users");
  await page.getByRole("button", { name: "New user" }).click();
  await shoot(page, "users-new");
  await page.goto(`${server.url}/audit/`);
  await page.getByRole("heading", { name: "Audit log" }).waitFor();
  await shoot(page, "audit");
});

test("somebody's own account", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/account/`);
  await page.getByText("No program has a token of yours.").waitFor();
  await shoot(page, "account-first");
  const tokens = [
    { name: "deployments of the shop", scope: "admin" },
    { name: "collector-of-figures-with-a-name-of-some-length", scope: "read", expires_in_days: 3650 },
    { name: "watcher", scope: "operate", expires_in_days: 1 },
  ];
  for (const token of tokens) await server.ask("POST", "/api/tokens", token);
  // Times in the past can only be told, not waited for.
  await page.route(/\/api\/tokens\?/, async (route) => {
    const answer = await route.fetch();
    const { items, next_cursor } = (await answer.json()) as {
      items: { name: string; created_at: string; expires_at: string; last_used_at: string | null }[];
      next_cursor: string | null;
    };
    const day = 86_400_000;
    const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
    const [deploys, collector, watcher] = items;
    if (deploys) Object.assign(deploys, { created_at: ago(86), expires_at: ago(-4), last_used_at: ago(0.1) });
    if (collector) Object.assign(collector, { created_at: ago(200), last_used_at: ago(0) });
    if (watcher) Object.assign(watcher, { created_at: ago(40), expires_at: ago(10), last_used_at: ago(12) });
    await route.fulfill({ json: { items, next_cursor } });
  });
  await page.reload();
  await page.locator("[data-state=expired]").waitFor();
  await shoot(page, "account");
  await page
    .getByRole("button", { name: /^Revoke/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Revoke it" }).waitFor();
  await shoot(page, "account-revoke");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Sign out of this session" }).click();
  await page.getByText(/signs you out here/).waitFor();
  await shoot(page, "account-sign-out");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("button", { name: "End them" }).waitFor();
  await shoot(page, "account-end-others");
  await page.keyboard.press("Escape");
  await page.unroute(/\/api\/tokens\?/);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("nightly look at what runs");
  await shoot(page, "account-token-new");
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.getByLabel("The token", { exact: true }).waitFor();
  await shoot(page, "account-token-made");
});

test("apps", async ({ page, server }) => {
  test.setTimeout(600_000);
  await signIn(page, server);
  await server.deploy({ type: "postgresql", name: "common" });
  await page.goto(`${server.url}/container-create/`);
  await page.getByLabel("Image").fill("docker.io/library/wordpress:6");
  await page
    .getByText(/It seems to want/)
    .first()
    .waitFor();
  await shoot(page, "app-hints");
  await page.getByText("One somewhere else").click();
  await page
    .getByLabel("Connection string", { exact: true })
    .fill("mysql://wp:s3cret@db.example:3307/wordpress");
  await page.getByLabel("Environment").getByText("DATABASE_URL", { exact: true }).waitFor();
  await page.getByText("Connection string", { exact: true }).scrollIntoViewIfNeeded();
  await shoot(page, "app-external");
  await page.getByLabel("Image").fill("localhost/app-probe:1");
  await page.getByLabel("Name", { exact: true }).fill("blog");
  await page.getByLabel("Command").fill("sleep infinity");
  await page.getByText("One that is there").click();
  await page.getByLabel("Which").selectOption({ label: "common (PostgreSQL 16)" });
  await page.getByText("DATABASE_URL", { exact: true }).waitFor();
  await page.getByText("I know, use variables all the same").click();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, "app-create");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText(/At work/).waitFor();
  await shoot(page, "app-deploy");
  await page.getByText(/blog runs, after/).waitFor({ timeout: 120_000 });
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: "Facts" }).waitFor();
  await shoot(page, "app-details");
  await page.getByRole("tab", { name: "Settings" }).click();
  await shoot(page, "app-delete");
  await page.keyboard.press("Escape");
  await shoot(page, "containers");
  await page.goto(`${server.url}/container-manager/?tab=databases`);
  await page.locator("[data-database=common]").getByRole("button", { name: "common", exact: true }).click();
  await page.getByRole("tab", { name: "Connections" }).click();
  await page.locator("[data-link=blog]").waitFor();
  await shoot(page, "details-links");
  await page.getByRole("button", { name: "Link an app" }).click();
  await shoot(page, "link");
  await page.keyboard.press("Escape");
  await page.locator("[data-link=blog]").getByRole("button", { name: "Show how blog signs in" }).click();
  await page.getByRole("button", { name: "Show the variables" }).click();
  await page.waitForTimeout(500);
  await shoot(page, "link-variables");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Unlink blog" }).click();
  await page.getByText("Drop the user and the data").click();
  await shoot(page, "unlink");
});
