// Pictures of every page and dialog, dark and light, on a telephone and on a desk. They go to `target/screenshots`.
import type { Page } from "@playwright/test";
import { join } from "node:path";
import { signIn, test } from "./server";

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
  test.setTimeout(300_000);
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
  await page.getByText(/is running and answered/).waitFor({ timeout: 60_000 });
  await shoot(page, "create-done");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: "Facts" }).waitFor();
  await page.getByRole("button", { name: "Show the password" }).click();
  await page.waitForTimeout(500);
  await shoot(page, "details-overview");
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByRole("log").waitFor();
  await shoot(page, "details-logs");
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText("Danger zone").waitFor();
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
});
