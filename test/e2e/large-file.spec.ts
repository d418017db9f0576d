import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";

const MiB = 1024 * 1024;
/** Just above what a signed 32-bit number holds. */
const LARGE_BYTES = 2048 * MiB + 78;

test.skip(freeBytes() < 3 * LARGE_BYTES, "The file, its object and some room need 6 GiB of disk");

test("2 GiB arrive byte for byte, the server stays small and the page does not grow", async ({
  uploads,
  sluice,
  folder,
}) => {
  test.setTimeout(300_000);
  const file = join(folder, "large.bin");
  const hash = writeRandomFile(file, LARGE_BYTES);
  const before = await heapBytes();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, sluice.residentBytes());
  }, 100);
  const startedAt = Date.now();
  await uploads.chooseFiles(file);
  await uploads.says("large.bin", "Done", 240_000);
  const seconds = (Date.now() - startedAt) / 1000;
  clearInterval(watch);
  const grown = (await heapBytes()) - before;
  console.log(
    `    2 GiB in ${seconds.toFixed(1)} s; server at most ${Math.round(peak / MiB)} MiB resident; ` +
      `page's heap ${(grown / MiB).toFixed(1)} MiB larger`,
  );
  expect(await sluice.sha256("large.bin")).toBe(hash);
  expect(peak).toBeLessThan(200 * 1e6);
  expect(grown).toBeLessThan(20 * MiB);

  /** Live objects of the page's heap after a collection. */
  async function heapBytes(): Promise<number> {
    const session = await uploads.page.context().newCDPSession(uploads.page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    return usedSize;
  }
});

test("1 GiB survives kill -9 of the whole server in the middle", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  test.setTimeout(300_000);
  const file = join(folder, "killed.bin");
  const hash = writeRandomFile(file, LARGE_BYTES / 2);
  await uploads.chooseFiles(file);
  await expect
    .poll(() => line.sentBytes(), { timeout: 120_000, intervals: [50] })
    .toBeGreaterThan(LARGE_BYTES / 4);
  await sluice.kill();
  await sluice.start();
  await uploads.says("killed.bin", "Done", 240_000);
  expect(await sluice.sha256("killed.bin")).toBe(hash);
});

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return bavail * bsize;
}
