import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";

/** Only `lib/api` knows that the client is generated; only `queries.ts` files call it. */
const generatedClient = {
  group: ["**/lib/api/gen", "**/lib/api/gen/**", "@/lib/api/gen", "@/lib/api/gen/**"],
  message: "import from @/lib/api",
};

const apiCalls = {
  group: ["@/lib/api/calls"],
  message: "components get data by the hooks of features/*/queries.ts",
};

const config = [
  ...next,
  ...typescript,
  {
    rules: {
      "no-restricted-imports": ["error", { patterns: [generatedClient, apiCalls] }],
      // Signing out is a whole new page on purpose, so that nothing of the session stays in memory.
      "@next/next/no-location-assign-relative-destination": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["**/*.tsx"], rules: { "max-lines": ["error", { max: 250 }] } },
  {
    files: ["src/features/**/queries.ts", "src/lib/api/**", "tests/**"],
    rules: { "no-restricted-imports": ["error", { patterns: [generatedClient] }] },
  },
  { files: ["src/lib/api/**"], rules: { "no-restricted-imports": "off" } },
  // `use` of a fixture is no hook.
  { files: ["e2e/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
  { ignores: ["out/**", "dist/**", ".next/**", "next-env.d.ts", "src/lib/api/gen/**", "test-results/**"] },
];

export default config;
