import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

const base: NextConfig = {
  trailingSlash: true,
  skipTrailingSlashRedirect: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // `npm run types` checks them, the tests included.
  typescript: { ignoreBuildErrors: true },
};

/** A static export; while developing, the API of a running server is passed through. */
export default function config(phase: string): NextConfig {
  if (phase !== PHASE_DEVELOPMENT_SERVER) {
    return { ...base, output: "export" };
  }
  const backend = process.env.STARDECK_BACKEND ?? "http://127.0.0.1:8080";
  return {
    ...base,
    rewrites: async () => [{ source: "/api/:path*", destination: `${backend}/api/:path*` }],
  };
}
