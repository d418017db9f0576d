import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { freePort } from "../fixtures/free-port.ts";
import { startTcpProxy, type TcpProxy } from "../faults/tcp-proxy.ts";
import { startSluice, type SluiceServer } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";

interface Fixtures {
  /** A folder for files to upload, gone after the test. */
  readonly folder: string;
  /** The line between this browser and the storage. */
  readonly line: TcpProxy;
  /** A server of the test's own, reached by the browser through `line`. */
  readonly sluice: SluiceServer;
  readonly uploads: UploadPage;
}

/** Playwright's `test` with a server, a line that can be cut, and the page. */
export const test = base.extend<Fixtures>({
  // Playwright reads a fixture's needs from its destructured argument, also where it has none.
  // eslint-disable-next-line no-empty-pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-files-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  // eslint-disable-next-line no-empty-pattern
  line: async ({}, use) => {
    const line = await startTcpProxy(await freePort());
    await use(line);
    await line.close();
  },
  sluice: async ({ line }, use, info) => {
    const server = await startSluice(
      { S3_PUBLIC_ENDPOINTS: `http://127.0.0.1:${line.port}` },
      line.targetPort,
    );
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
