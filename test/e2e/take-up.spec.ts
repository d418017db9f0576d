import { join } from "node:path";
import type { Page } from "@playwright/test";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./shaped.ts";
import type { SluiceServer } from "./sluice-server.ts";

const MiB = 1024 * 1024;

/** `SLUICE_RESUME_MIB=10240` tries it with a file of 10 GiB, reloaded at 90 %. */
const SIZE_BYTES = Number(process.env["SLUICE_RESUME_MIB"] ?? 240) * MiB;
const isHuge = SIZE_BYTES > 1024 * MiB;

/** Waits until the storage holds `share` of the file in whole parts. */
async function untilHeld(sluice: SluiceServer, share: number): Promise<void> {
  const timeout = isHuge ? 10 * 60_000 : 60_000;
  await expect.poll(() => sluice.heldPartBytes(), { timeout }).toBeGreaterThan(SIZE_BYTES * share);
}

test("no part that S3 holds is sent again after a reload", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  test.setTimeout(isHuge ? 20 * 60_000 : 120_000);
  const file = join(folder, "long.bin");
  const hash = writeRandomFile(file, SIZE_BYTES);
  await line.change({ bytesPerSecondPerConnection: isHuge ? 64 * MiB : 4 * MiB });
  await uploads.chooseFiles(file);
  await untilHeld(sluice, isHuge ? 0.9 : 0.4);
  // So slow that no part ends while the page is away, and what was confirmed is written down.
  await line.change({ bytesPerSecondPerConnection: 0.1 * MiB });
  await uploads.page.waitForTimeout(3000);
  await uploads.page.reload();
  // What the old page had sent still lies in the line's buffers.
  await line.resetAll();
  const held = await sluice.heldPartBytes();
  const before = (await line.counts()).transferBytes;
  await line.change({ bytesPerSecondPerConnection: Infinity });
  await uploads.chooseFiles(file);
  await uploads.says("long.bin", "Done", isHuge ? 10 * 60_000 : 60_000);
  const sent = (await line.counts()).transferBytes - before;
  expect(sent).toBe(SIZE_BYTES - held);
  expect(await sluice.sha256("long.bin")).toBe(hash);
  expect(await sluice.openUploads()).toBe(0);
});

/** The page's picker gives a real handle: to a file in the browser's own private files. */
async function pickPrivateFile(page: Page, name: string, sizeBytes: number): Promise<void> {
  await page.evaluate(
    async ([fileName, size]) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(fileName, { create: true });
      const writable = await handle.createWritable();
      const block = crypto.getRandomValues(new Uint8Array(65_536));
      for (let written = 0; written < size; written += block.length) await writable.write(block);
      await writable.close();
      Object.assign(window, { showOpenFilePicker: async () => [handle] });
    },
    [name, sizeBytes] as const,
  );
}

test("a file that the browser kept goes on with one click", async ({ uploads, sluice, line }) => {
  const { page } = uploads;
  await pickPrivateFile(page, "kept.bin", 120 * MiB);
  await line.change({ bytesPerSecondPerConnection: 2 * MiB });
  await page.getByRole("button", { name: /choose files/i }).click();
  await expect.poll(() => sluice.heldPartBytes(), { timeout: 60_000 }).toBeGreaterThan(5 * MiB);
  await page.waitForTimeout(2500);
  await page.reload();
  await line.change({ bytesPerSecondPerConnection: Infinity });
  await page
    .getByRole("button", { name: /^resume/i })
    .first()
    .click();
  await uploads.says("kept.bin", "Done", 60_000);
  expect((await sluice.objects()).get("kept.bin")).toBe(120 * MiB);
  expect(await sluice.openUploads()).toBe(0);
});
