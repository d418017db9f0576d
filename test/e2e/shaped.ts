import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { startShaper, type Shaper } from "../faults/shaper.ts";
import { freePort } from "../fixtures/free-port.ts";
import { startSluice, type SluiceServer } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";

interface Fixtures {
  /** Origins under which the browser reaches the storage, all of them ports of `line`. */
  readonly originCount: number;
  /** A folder for files to upload, gone after the test. */
  readonly folder: string;
  /** The line between this browser and the storage: long, narrow, or faulty. */
  readonly line: Shaper;
  /** A server of the test's own, whose storage the browser reaches through `line`. */
  readonly sluice: SluiceServer;
  readonly uploads: UploadPage;
}

/** Playwright's `test` with a server, a shaped line to its storage, and the page. */
export const test = base.extend<Fixtures>({
  originCount: [1, { option: true }],
  // Playwright reads a fixture's needs from its destructured argument, also where it has none.
  // eslint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-files-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  line: async ({ originCount }, use) => {
    const targetPort = await freePort();
    const line = await startShaper({ targetPort, ports: Array(originCount).fill(0) });
    await use(Object.assign(line, { targetPort }));
    await line.close();
  },
  sluice: async ({ line }, use, info) => {
    const storePort = "targetPort" in line ? Number(line.targetPort) : 0;
    const server = await startSluice({ S3_PUBLIC_ENDPOINTS: line.origins.join(",") }, storePort);
    await use(server);
    if (info.status !== info.expectedStatus) {
      await info.attach("server.log", { body: server.log(), contentType: "text/plain" });
    }
    await server.stop();
  },
  uploads: async ({ page, sluice }, use) => {
    const uploads = new UploadPage(page);
    await page.goto(sluice.url);
    await use(uploads);
  },
});

export { expect } from "@playwright/test";
