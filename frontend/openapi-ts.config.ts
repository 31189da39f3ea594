import { defineConfig } from "@hey-api/openapi-ts";

/** Sizes and counts fit into a JavaScript number; without this, `int64` becomes `bigint`. */
function withoutInt64(node: unknown): void {
  if (node === null || typeof node !== "object") return;
  const schema = node as Record<string, unknown>;
  if (schema.format === "int64") delete schema.format;
  Object.values(schema).forEach(withoutInt64);
}

export default defineConfig({
  input: "../docs/openapi.json",
  output: { path: process.env.CLIENT_OUTPUT ?? "src/lib/api/gen" },
  parser: { filters: { orphans: true }, patch: { schemas: (_name, schema) => withoutInt64(schema) } },
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
});
