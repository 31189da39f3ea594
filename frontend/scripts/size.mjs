// Fails when a page loads more JavaScript at first than it may: what its document names, compressed as it is sent.
// What its dialogs may add is measured in the browser: see `e2e/speed.spec.ts`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** In kB, gzip. */
const FIRST_LOAD = { "login/index.html": 180, "container-manager/index.html": 200 };

const size = (path) => gzipSync(readFileSync(join("dist", path)), { level: 9 }).length / 1000;

let hasFailed = false;
function judge(what, kilobytes, most) {
  const verdict = kilobytes <= most ? "ok" : "TOO MUCH";
  hasFailed ||= kilobytes > most;
  console.log(`${what.padEnd(34)}${kilobytes.toFixed(1).padStart(8)} kB of ${most}  ${verdict}`);
}

for (const [page, most] of Object.entries(FIRST_LOAD)) {
  const html = readFileSync(join("dist", page), "utf8");
  const scripts = [...html.matchAll(/<script[^>]+src="\/([^"]+)"([^>]*)>/g)]
    // Old browsers' polyfills, which none that knows modules loads.
    .filter(([tag]) => !/nomodule/i.test(tag))
    .map(([, path]) => path);
  judge(
    page,
    [...new Set(scripts)].map(size).reduce((sum, one) => sum + one, 0),
    most,
  );
}

process.exitCode = hasFailed ? 1 : 0;
