// Puts the pages of `out/` into `dist/`, ready to be embedded: with the policy that allows exactly their inline scripts,
// and a compressed copy beside every file that gains by it.
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const OUT = "dist";
const COMPRESSIBLE = new Set([".html", ".js", ".css", ".txt", ".svg", ".json", ".map"]);
const INLINE_SCRIPT = /<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g;

// The folder itself is in the checkout, so that a build without these pages finds it empty.
for (const name of readdirSync(OUT).filter((name) => name !== ".gitkeep")) {
  rmSync(join(OUT, name), { recursive: true });
}
cpSync("out", OUT, { recursive: true });

const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !path.endsWith(".gitkeep"));

const hashes = new Set();
for (const path of files.filter((path) => path.endsWith(".html"))) {
  for (const [, script] of readFileSync(path, "utf8").matchAll(INLINE_SCRIPT)) {
    hashes.add(`'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  }
}

const policy = [
  "default-src 'none'",
  `script-src 'self' ${[...hashes].sort().join(" ")}`.trim(),
  // Libraries set inline styles (positions of menus), which a policy can not name one by one.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

for (const path of files) {
  if (!COMPRESSIBLE.has(extname(path))) continue;
  const bytes = readFileSync(path);
  if (bytes.length < 512) continue;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, quality));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
writeFileSync(join(OUT, "policy"), policy);
console.log(`sealed ${files.length} files, ${hashes.size} inline scripts`);
