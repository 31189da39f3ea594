// Long names, many databases, and connections that are cut.
import type { Page, WebSocketRoute } from "@playwright/test";
import { expectAccessible } from "./axe";
import { expect, podman, signIn, test } from "./server";

test.describe.configure({ mode: "serial" });

const SIXTY = "a-container-with-a-name-of-sixty-characters-as-some-have-one";
const FIFTY = "a-database-whose-name-is-as-long-as-it-may-ever-be";
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

test.afterAll(() => {
  podman("rm", "--force", "--volumes", "--ignore", "--time", "0", SIXTY);
});

/** Whether everything is as wide as the screen: nothing is cut, and nothing has to be scrolled sideways. */
async function expectToFit(page: Page, what: string): Promise<void> {
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    const wide = await page.evaluate(() => {
      const boxes = [
        document.documentElement,
        ...document.querySelectorAll("[role=dialog], [role=dialog] > :not(.sr-only)"),
      ];
      return boxes
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => box.outerHTML.slice(0, 200));
    });
    expect(wide, `${what} at ${size.width}`).toEqual([]);
  }
}

test("a name of sixty characters is refused in words, and the longest one fits everywhere", async ({
  signedIn: page,
  server,
}) => {
  expect([SIXTY.length, FIFTY.length]).toEqual([60, 50]);
  await page.getByRole("button", { name: "New database" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Redis/ }).click();
  await page.getByLabel("Name", { exact: true }).fill(SIXTY);
  await expect(page.getByText("At most 50 characters.")).toBeVisible();
  await expectToFit(page, "a name that is too long");
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill(FIFTY);
  await page.getByRole("button", { name: "Deploy" }).click();
  await expectToFit(page, "a deployment");
  await expect(page.getByText(`${FIFTY} is running and answered a login`)).toBeVisible({ timeout: 120_000 });
  await expectToFit(page, "a deployment that has ended");
  await page.keyboard.press("Escape");
  const card = page.locator(`[data-database="${FIFTY}"]`);
  await expect(card.getByText("running")).toBeVisible();
  await expectToFit(page, "its card");
  await card.getByRole("button", { name: FIFTY, exact: true }).click();
  for (const tab of ["Connections", "Logs", "Settings", "Overview"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expectToFit(page, `its tab ${tab}`);
  }
  await page.goto(`${server.url}/container-create/`);
  await page.getByText("One that is there").click();
  await page.getByLabel("Which").selectOption({ label: `${FIFTY} (Redis 7)` });
  await expectToFit(page, "an app that uses it");
});

test("a container with a name of sixty characters is adopted under one that is allowed", async ({
  signedIn: page,
}) => {
  podman("run", "--detach", "--name", SIXTY, "docker.io/library/redis:7");
  const bar = page.getByRole("region", { name: "Found on this host" });
  await expect(bar).toContainText(SIXTY);
  await expectToFit(page, "a long name that was found");
  await bar.getByRole("button", { name: "Review" }).click();
  const dialog = page.getByRole("dialog");
  const name = await dialog.getByLabel("Name", { exact: true }).inputValue();
  expect(SIXTY.startsWith(name) && name.length <= 50 && name.length > 40).toBe(true);
  await expectToFit(page, "its adoption");
  await expect(async () => {
    await dialog.getByRole("button", { name: "Look at it" }).click();
    await expect(dialog.getByRole("button", { name: "Adopt it" })).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
  await expectToFit(page, "what was found");
  await dialog.getByRole("button", { name: "Adopt it" }).click();
  await expect(dialog.getByText(`${name} is adopted and answered a login`)).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  await expect(page.locator(`[data-database="${name}"]`)).toBeVisible();
});

test("two hundred databases are listed, found and reached", async ({ page, server }) => {
  const { items } = await server.ask<{ items: { id: string; name: string }[] }>("GET", "/api/databases");
  const many = Array.from({ length: 200 }, (_, index) => ({
    ...items[0],
    id: `${items[0]?.id}-${index}`,
    name: `database-${index}`,
    ...(index === 150 ? { status: "error", status_reason: "its disk is full", health: "unknown" } : {}),
  }));
  await page.route(/\/api\/databases\?/, (route) =>
    route.fulfill({ json: { items: many, next_cursor: null } }),
  );
  await signIn(page, server);
  const cards = page.getByRole("list", { name: "Databases" }).getByRole("listitem");
  await expect(cards).toHaveCount(200);
  await expect(page.getByText("200 databases", { exact: true })).toBeAttached();
  // By number, not by letter.
  await expect(cards.nth(10)).toHaveAttribute("data-database", "database-10");
  await expectToFit(page, "two hundred databases");
  await expectAccessible(page, "two hundred databases");
  await cards.last().scrollIntoViewIfNeeded();
  await expect(cards.last().getByText("Internal")).toBeVisible();
  await page.getByLabel("Order").selectOption({ label: "Trouble first" });
  await expect(cards.first()).toContainText("its disk is full");
  await page.keyboard.press("Home");
  await page.getByRole("searchbox", { name: "Search databases" }).fill("database-19");
  await expect(page.getByText("11 of 200 databases")).toBeVisible();
  await expect(cards).toHaveCount(11);
});

test("connections that are cut are told, and go on where they were", async ({ signedIn: page, server }) => {
  const open: WebSocketRoute[] = [];
  const asked: string[] = [];
  let isCut = false;
  await page.routeWebSocket(/\/api\/(events|operations)/, (socket) => {
    asked.push(socket.url());
    if (isCut) return void socket.close({ code: 4001 });
    socket.connectToServer();
    open.push(socket);
  });
  const cut = async () => {
    isCut = true;
    await Promise.all(open.splice(0).map((socket) => socket.close({ code: 4001 })));
  };
  await page.goto(`${server.url}/container-manager/?tab=databases&new=postgresql`);
  await page.getByLabel("Name", { exact: true }).fill("cut-off");
  await page.getByRole("button", { name: "Deploy" }).click();
  await expect(page.getByText(/At work/)).toBeVisible();
  await cut();
  await expect(page.getByText("The connection is lost")).toBeVisible();
  await expect(page.getByText("reconnecting")).toBeVisible();
  isCut = false;
  await expect(page.getByText("cut-off is running and answered a login")).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("The connection is lost")).toBeHidden();
  await page.keyboard.press("Escape");
  const card = page.locator("[data-database=cut-off]");
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await cut();
  await expect(page.getByText("reconnecting")).toBeVisible();
  podman("pause", "stardeck-db-cut-off");
  asked.length = 0;
  isCut = false;
  await expect(page.getByText("live", { exact: true })).toBeVisible();
  await expect(card.getByText("paused", { exact: true })).toBeVisible();
  expect(asked.some((url) => /\/api\/events\?epoch=.+&after=\d+/.test(url))).toBe(true);
  podman("unpause", "stardeck-db-cut-off");
  await expect(card.getByText("running", { exact: true })).toBeVisible();
});
