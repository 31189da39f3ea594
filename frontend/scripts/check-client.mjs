// Fails when the committed client is not the one that docs/openapi.json gives.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const committed = "src/lib/api/gen";
const fresh = mkdtempSync(join(tmpdir(), "stardeck-client-"));

function filesOf(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

try {
  const environment = { ...process.env, CLIENT_OUTPUT: fresh };
  execFileSync("npx", ["--no-install", "openapi-ts", "--silent"], { env: environment, stdio: "inherit" });
  const [wanted, have] = [filesOf(fresh), filesOf(committed)];
  const names = new Set([...wanted.keys(), ...have.keys()]);
  const stale = [...names].filter((name) => wanted.get(name) !== have.get(name));
  if (stale.length > 0) {
    console.error(
      `stale: ${stale.join(", ")}\nrun \`npm run generate\` in frontend/ and commit what it writes`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}
