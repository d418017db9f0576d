/** The table of README "How it is built": which room may import which. */
const room = (name, from, mayImport) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(shared|web|server|test)/", pathNot: mayImport },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:|/dist/server/" },
    },
    {
      name: "no-dev-dependencies-at-run-time",
      severity: "error",
      from: { path: "^(server|shared)/", pathNot: "^server/launch/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
    room("shared-imports-itself", "^shared/", "^shared/"),
    {
      name: "shared-imports-only-zod",
      severity: "error",
      from: { path: "^shared/" },
      to: { dependencyTypes: ["npm", "npm-dev", "core"], pathNot: "node_modules/zod/" },
    },
    room("transfer-is-headless", "^web/transfer/", "^(web/transfer|shared)/"),
    {
      name: "transfer-knows-no-framework",
      severity: "error",
      from: { path: "^web/transfer/" },
      to: { path: "node_modules/(svelte|bits-ui|@tanstack)" },
    },
    room(
      "app-imports-transfer-by-its-index",
      "^web/app/",
      "^(web/app|shared)/|^web/transfer/index\\.ts$",
    ),
    {
      name: "store-catalogue-and-content-below-its-engine",
      severity: "error",
      from: { path: "^server/store/(catalogue|content|checksum)/" },
      to: { path: "^server/store/(engine|http)/" },
    },
    {
      name: "store-engine-knows-no-http",
      severity: "error",
      from: { path: "^server/store/engine/" },
      to: { path: "^server/store/http/" },
    },
    {
      name: "store-http-by-the-engine's-port",
      severity: "error",
      from: { path: "^server/store/http/" },
      to: { path: "^server/store/(engine|catalogue|content)/" },
    },
    room("s3-imports-shared", "^server/s3/", "^(server/s3|shared)/"),
    // Its entry joins it with what answers queries, as the backend's does.
    room("store-imports-shared", "^server/store/(?!main\\.ts$)", "^(server/store|shared)/"),
    room("select-imports-shared", "^server/select/", "^(server/select|shared)/"),
    // Its command line reads the configuration and may start the embedded store, as the backend's entry does.
    room(
      "checkup-imports-s3",
      "^server/checkup/(?!main\\.ts$)",
      "^(server/checkup|shared)/|^server/s3/index\\.ts$",
    ),
    room("cache-imports-shared", "^server/cache/", "^(server/cache|shared)/"),
    room("metrics-imports-shared", "^server/metrics/", "^(server/metrics|shared)/"),
    room("auth-imports-shared", "^server/auth/", "^(server/auth|shared)/"),
    room(
      "routes",
      "^server/routes/",
      "^(server/routes|shared)/|^server/(s3|auth|cache|select|metrics|checkup)/index\\.ts$",
    ),
    room("server-never-imports-web", "^server/", "^(server|shared)/"),
    room("config-stands-alone", "^server/config\\.ts$", "^shared/"),
    {
      name: "nobody-imports-main",
      severity: "error",
      from: { path: "^(shared|web|server)/" },
      to: { path: "^server/main\\.ts$" },
    },
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { path: "^(shared|web|server)/" },
      to: { path: "^test/" },
    },
    {
      name: "store-by-its-index",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/store/" },
      to: { path: "^server/store/", pathNot: "^server/store/index\\.ts$" },
    },
    {
      name: "select-by-its-index",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/select/" },
      to: { path: "^server/select/", pathNot: "^server/select/index\\.ts$" },
    },
    {
      name: "s3-by-its-index",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/s3/" },
      to: { path: "^server/s3/", pathNot: "^server/s3/index\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["svelte", "import", "node", "default", "types"],
      extensions: [".ts", ".js", ".svelte", ".mjs"],
    },
  },
};
