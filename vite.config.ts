import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const projectDir = fileURLToPath(new URL(".", import.meta.url));
const backend = process.env["SLUICE_DEV_BACKEND"] ?? "http://127.0.0.1:8081";
const toBackend = { target: backend, changeOrigin: false };

export default defineConfig({
  // Vitest finds its tests from the project's folder, Vite its page in web/app.
  root: process.env["VITEST"] ? projectDir : `${projectDir}web/app`,
  plugins: [svelte({ configFile: false })],
  build: { outDir: `${projectDir}dist/web`, emptyOutDir: true, target: "es2022" },
  server: {
    proxy: {
      "/api": toBackend,
      "/docs": toBackend,
      "/metrics": toBackend,
      "/openapi.json": toBackend,
      "/healthz": toBackend,
      "/readyz": toBackend,
    },
  },
  test: {
    // The SDK's version is pinned; which Node runs is for whoever installs it.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    setupFiles: [`${projectDir}test/property-seed.ts`],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.integration.test.ts", "**/node_modules/**"],
          // Laws are tried many times over, on machines that have other things to do.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/**/*.integration.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
