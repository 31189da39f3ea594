// A server of a test file's own, on the tests' own Podman, with accounts to sign in with.
import { test as base, expect, type Page } from "@playwright/test";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run these tests with \`cargo xtask test --only ui\``);
  return value;
}

const PASSWORD = "correct horse battery";

/** A running server. */
export class Server {
  url = "";
  private child: ChildProcess | null = null;
  private readonly directory = mkdtempSync(join(tmpdir(), "stardeck-ui-"));
  private listen = "127.0.0.1:0";
  private token = "";

  /** Starts it, again on the port it had. */
  async start(): Promise<void> {
    const socket = needed("STARDECK_TEST_PODMAN_SOCKET");
    const options = [
      "serve",
      "--listen",
      this.listen,
      "--data-dir",
      this.directory,
      "--podman-socket",
      socket,
    ];
    const child = spawn(needed("STARDECK_TEST_SERVER"), options, { stdio: ["ignore", "ignore", "pipe"] });
    this.child = child;
    this.url = await new Promise<string>((resolve, reject) => {
      const log: string[] = [];
      createInterface({ input: child.stderr }).on("line", (line) => {
        log.push(line);
        const address = /^listening on (http:\S+)/.exec(line)?.[1];
        if (address) resolve(address);
      });
      child.once("exit", (code) =>
        reject(new Error(`the server ended with ${code}:\n${log.slice(-20).join("\n")}`)),
      );
    });
    this.listen = new URL(this.url).host;
  }

  /** Ends it as a power cut would, or cleanly. */
  async stop(signal: "SIGKILL" | "SIGTERM" = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  /** Ends it with everything it made, so that the next one finds its names free. */
  async discard(): Promise<void> {
    if (this.child === null) await this.start();
    if (this.token !== "") await this.removeAll();
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The one-time token of the first start. */
  get setupToken(): string {
    return readFileSync(join(this.directory, "setup-token"), "utf8").trim();
  }

  /** Makes the first administrator without the page. */
  async setUp(): Promise<void> {
    const credentials = { username: "admin", password: PASSWORD };
    await this.ask("POST", "/api/setup", { token: this.setupToken, ...credentials });
    const { token } = await this.ask<{ token: string }>("POST", "/api/auth/login", credentials);
    this.token = token;
  }

  /** Asks the API as the administrator. */
  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...headers,
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  }

  /** Deploys a database and waits until it runs. */
  async deploy(body: { type: string; name: string; [field: string]: unknown }): Promise<string> {
    const { database, operation } = await this.ask<{ database: { id: string }; operation: { id: string } }>(
      "POST",
      "/api/databases",
      body,
    );
    await this.finished(operation.id);
    return database.id;
  }

  private async removeAll(): Promise<void> {
    // What a test that failed left at work is taken back first.
    const { items: operations } = await this.ask<{ items: { id: string; finished_at: string | null }[] }>(
      "GET",
      "/api/operations?limit=1000",
    );
    for (const { id } of operations.filter(({ finished_at }) => finished_at === null)) {
      await this.ask("POST", `/api/operations/${id}/cancel`).catch(() => null);
      await expect
        .poll(async () => (await this.operation(id)).finished_at, { timeout: 100_000 })
        .not.toBeNull();
    }
    const remove = async (list: string, query: (name: string) => string) => {
      const { items } = await this.ask<{ items: { id: string; name: string; origin?: string }[] }>(
        "GET",
        list,
      );
      for (const { id, name, origin } of items) {
        // What somebody else made is given back; whoever made it removes it.
        const [method, path] =
          origin === "adopted"
            ? ["POST", `${list}/${id}/release`]
            : ["DELETE", `${list}/${id}?${query(name)}`];
        const { operation } = await this.ask<{ operation: { id: string } }>(method, path);
        await this.finished(operation.id);
      }
    };
    await remove("/api/containers", (name) => `confirm=${name}&volumes=delete`);
    await remove("/api/databases", (name) => `data=delete&confirm=${name}&force=true`);
  }

  private operation(id: string): Promise<{ state: string; finished_at: string | null }> {
    return this.ask("GET", `/api/operations/${id}`);
  }

  /** Waits for the end of an operation, which has to be a good one. */
  async finished(id: string): Promise<void> {
    await expect
      .poll(async () => (await this.operation(id)).state, {
        timeout: 200_000,
      })
      .toBe("succeeded");
  }
}

/** Asks the tests' own Podman, not the server. */
export function podman(...words: string[]): string {
  const { stdout, stderr, status } = spawnSync(join(needed("STARDECK_TEST_PODMAN_ROOT"), "podman"), words, {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`podman ${words.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** The network of the databases, in the range that is this run's own: other runs on the host have theirs. */
async function ensureNetwork(): Promise<void> {
  const name = "stardeck-data";
  const range = needed("STARDECK_TEST_SUBNETS").split(".").slice(0, 2).join(".");
  const found = podman("network", "ls", "--format", "{{.Name}}").split("\n").includes(name);
  if (found && podman("network", "inspect", name).includes(`"${range}.`)) return;
  if (found) podman("network", "rm", name);
  const body = JSON.stringify({
    name,
    driver: "bridge",
    dns_enabled: true,
    network_interface: `sd-ui-${process.pid}`.slice(0, 15),
    subnets: [{ subnet: `${range}.240.0/24` }],
  });
  await new Promise<void>((resolve, reject) => {
    const socketPath = needed("STARDECK_TEST_PODMAN_SOCKET");
    const headers = { "content-type": "application/json" };
    const call = request({ socketPath, method: "POST", path: "/v4.0.0/libpod/networks/create", headers });
    call.on("error", reject);
    call.on("response", (answer) => {
      answer.resume();
      const isMade = answer.statusCode === 200;
      answer.on("end", () => (isMade ? resolve() : reject(new Error(`network: ${answer.statusCode}`))));
    });
    call.end(body);
  });
}

/** Signs in on the page. */
export async function signIn(page: Page, server: Server, username = "admin"): Promise<void> {
  await page.goto(`${server.url}/login/`);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Managed databases" })).toBeVisible();
}

export { expect, PASSWORD };

/** Tests with a server of their file's own; `server` has an administrator, `bare` has none. */
export const test = base.extend<{ signedIn: Page }, { server: Server; bare: Server }>({
  server: [
    async ({}, use) => {
      await ensureNetwork();
      const server = new Server();
      await server.start();
      await server.setUp();
      await use(server);
      await server.discard();
    },
    { scope: "worker" },
  ],
  bare: [
    async ({}, use) => {
      const server = new Server();
      await server.start();
      await use(server);
      await server.discard();
    },
    { scope: "worker" },
  ],
  signedIn: async ({ page, server }, use) => {
    await signIn(page, server);
    await use(page);
  },
});
