// How much is loaded.
import { expect, signIn, test } from "./server";

test("with every dialog opened, the databases page has loaded at most 260 kB of scripts", async ({
  page,
  server,
}) => {
  await server.deploy({ type: "redis", name: "measured" });
  await signIn(page, server);
  const loaded = new Map<string, number>();
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    void response
      .request()
      .sizes()
      .then(({ responseBodySize }) => loaded.set(response.url(), responseBodySize));
  });
  // Anew, and as a browser without Brotli is sent it, so that the numbers are those of gzip.
  const session = await page.context().newCDPSession(page);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.route("**/*.js", (route) =>
    route.continue({ headers: { ...route.request().headers(), "accept-encoding": "gzip" } }),
  );
  await page.reload();
  await page.getByRole("button", { name: "New database" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /PostgreSQL/ })
    .click();
  await page.keyboard.press("Escape");
  await page
    .locator("[data-database=measured]")
    .getByRole("button", { name: "measured", exact: true })
    .click();
  for (const tab of ["Logs", "Settings"]) await page.getByRole("tab", { name: tab }).click();
  await page.waitForTimeout(500);
  const kilobytes = [...loaded.values()].reduce((sum, size) => sum + size, 0) / 1000;
  console.log(`scripts with every dialog: ${kilobytes.toFixed(1)} kB`);
  expect(kilobytes).toBeGreaterThan(150);
  expect(kilobytes).toBeLessThanOrEqual(260);
});
