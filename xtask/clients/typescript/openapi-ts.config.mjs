// What a program outside of this workspace would say, and nothing more. The web UI has a configuration of its own.
export default {
  input: process.env.OPENAPI,
  output: { path: "client", module: { extension: ".js" } },
  plugins: ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
};
