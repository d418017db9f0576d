import { defineConfig } from "@playwright/test";

const executablePath = process.env["SLUICE_CHROMIUM"];

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "../../test-results",
  fullyParallel: false,
  // Each worker runs a server and a Chromium of its own: two cores carry one.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  reporter: [["list"], ["json"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    // A trace would copy every body and every frame: it costs more than what it records.
    screenshot: "only-on-failure",
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Containers and root have no sandbox; the other flags keep Chromium off the network.
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
