// Uses the generated client as a program would: signs in, deploys a database, follows it, and reads its login.
// usage: node smoke.js URL NAME PASSWORD

import { client } from "./client/client.gen.js";
import { createDatabase, getCredentials, getOperation, listDatabases, live, login } from "./client/index.js";

declare const process: { argv: string[] };

function need(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function main(): Promise<void> {
  const [url, name, password] = process.argv.slice(2);
  need(url !== undefined && name !== undefined && password !== undefined, "usage: smoke URL NAME PASSWORD");
  client.setConfig({ baseUrl: url });
  need((await live({ throwOnError: true })).data.status === "ok", "the server does not live");

  const refused = await login({ body: { username: "ada", password: "wrong" } });
  need(refused.error?.code === "login_failed", "a wrong password is not refused as such");
  const session = await login({ body: { username: "ada", password }, throwOnError: true });
  need(session.data.user.role === "admin", "not signed in as administrator");
  client.setConfig({ auth: session.data.token });

  const made = await createDatabase({
    body: { type: "postgresql", name, version: "16" },
    throwOnError: true,
  });
  let operation = made.data.operation;
  while (operation.state === "queued" || operation.state === "running") {
    operation = (await getOperation({ path: { id: operation.id }, throwOnError: true })).data;
  }
  need(operation.state === "succeeded", `the deployment ended as ${operation.state}`);

  const list = await listDatabases({ query: { limit: 1000 }, throwOnError: true });
  const found = list.data.items.find((database) => database.name === name);
  need(found?.status === "running" && found.external_port === null, "it is not in the list as it should be");
  const credentials = await getCredentials({ path: { id: found.id }, throwOnError: true });
  need(credentials.data.internal_url.includes(`@${name}:`), "its URL does not lead to it");
}

await main();
