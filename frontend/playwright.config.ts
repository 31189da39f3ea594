import { defineConfig } from "@playwright/test";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
];

const WIDE = { viewport: { width: 1440, height: 900 } };

/** The real server, real containers and Debian's browser. Each file has a server of its own: see `e2e/server.ts`. */
export default defineConfig({
  testDir: "./e2e",
  outputDir: "./test-results",
  reporter: "list",
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  use: {
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM_ARGUMENTS },
    ...WIDE,
  },
  // A project for each file: files of one project share a worker, and with it the server and all that was made there.
  projects: [
    ...readdirSync(join(import.meta.dirname, "e2e"))
      .filter((file) => file.endsWith(".spec.ts"))
      .map((file) => ({ name: `ui-${file.replace(".spec.ts", "")}`, testMatch: `**/${file}` })),
    { name: "screenshots", testMatch: "**/*.shots.ts" },
  ],
});
