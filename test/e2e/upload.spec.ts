import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { awkwardPaths } from "../fixtures/awkward-names.ts";
import type { TcpProxy } from "../faults/tcp-proxy.ts";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";

const MiB = 1024 * 1024;

test("a file of many parts arrives byte for byte", async ({ uploads, sluice, folder }) => {
  const file = join(folder, "holiday film.mp4");
  const hash = writeRandomFile(file, 100 * MiB + 12_345);
  await uploads.chooseFiles(file);
  await uploads.says("holiday film.mp4", "Done");
  expect(await sluice.sha256("holiday film.mp4")).toBe(hash);
  expect(await sluice.openUploads()).toBe(0);
});

test("sizes on every edge arrive: none, one byte, one part, the threshold and one over", async ({
  uploads,
  sluice,
  folder,
}) => {
  const sizes = [0, 1, 8 * MiB, 16 * MiB - 1, 16 * MiB, 16 * MiB + 1];
  const files = sizes.map((size) => {
    const name = `${size}-bytes.bin`;
    return { name, size, hash: writeRandomFile(join(folder, name), size) };
  });
  await uploads.chooseFiles(...files.map(({ name }) => join(folder, name)));
  for (const { name, size, hash } of files) {
    await uploads.says(name, "Done");
    expect((await sluice.objects()).get(name), name).toBe(size);
    expect(await sluice.sha256(name), name).toBe(hash);
  }
});

test("a folder of 1,000 files with awkward names arrives complete, each under its path", async ({
  uploads,
  sluice,
  folder,
}) => {
  const paths = awkwardPaths(1000);
  for (const [index, path] of paths.entries()) {
    const file = join(folder, "photos", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${index} ${path}`);
  }
  await uploads.page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: "longtask" });
    Object.assign(globalThis, { longTasks: tasks });
  });
  await uploads.chooseFolder(join(folder, "photos"));
  await expect
    .poll(async () => (await sluice.objects()).size, { timeout: 60_000 })
    .toBe(paths.length);
  const objects = await sluice.objects();
  const wanted = new Map(
    paths.map((path, index) => [
      `photos/${path}`.normalize("NFC"),
      Buffer.byteLength(`${index} ${path}`),
    ]),
  );
  expect([...objects].toSorted()).toEqual([...wanted].toSorted());
  const longest = await uploads.page.evaluate(() =>
    Math.max(0, ...(Reflect.get(globalThis, "longTasks") as number[])),
  );
  test.info().annotations.push({ type: "longest task", description: `${Math.round(longest)} ms` });
  console.log(`    1,000 files: longest task on the main thread ${Math.round(longest)} ms`);
});

test("pausing stops the line, resuming sends only what is missing", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "paused.bin");
  const hash = writeRandomFile(file, 160 * MiB);
  line.setRate(16 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(20 * MiB);
  await uploads.press("paused.bin", /Pause/);
  await uploads.says("paused.bin", "Paused");
  // What the kernel had taken already still runs out; then nothing moves.
  await expect.poll(() => hasStopped(line), { timeout: 10_000 }).toBe(true);
  expect(line.sentBytes()).toBeLessThan(100 * MiB);
  line.setRate(Infinity);
  await uploads.press("paused.bin", /Resume/);
  await uploads.says("paused.bin", "Done");
  expect(await sluice.sha256("paused.bin")).toBe(hash);
  // Six parts were under way at the most when it stopped, half of the file together.
  expect(line.sentBytes()).toBeLessThan(160 * MiB + 80 * MiB);
});

test("cancelling leaves no upload and no part behind", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "unwanted.bin");
  writeRandomFile(file, 48 * MiB);
  line.setRate(8 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => sluice.openUploads(), { timeout: 30_000 }).toBe(1);
  await uploads.press("unwanted.bin", /Cancel/);
  await uploads.says("unwanted.bin", "Cancelled");
  await expect.poll(() => sluice.openUploads(), { timeout: 15_000 }).toBe(0);
  expect((await sluice.objects()).size).toBe(0);
});

test("a cancel that comes after the storage had completed says what became of the file", async ({
  uploads,
  sluice,
  folder,
}) => {
  const file = join(folder, "too-late.bin");
  writeRandomFile(file, 20 * MiB);
  let isComplete = false;
  // The storage completes; the answer never reaches the page.
  await uploads.page.route("**/api/uploads/*/complete", async (route) => {
    if (isComplete) return route.continue();
    await route.fetch();
    isComplete = true;
  });
  await uploads.chooseFiles(file);
  await expect.poll(() => isComplete, { timeout: 30_000 }).toBe(true);
  await uploads.press("too-late.bin", /Cancel/);
  await uploads.says("too-late.bin", "Done");
  expect((await sluice.objects()).get("too-late.bin")).toBe(20 * MiB);
});

test("a taken name becomes a new key, and neither object is lost", async ({
  uploads,
  sluice,
  folder,
}) => {
  const file = join(folder, "report.pdf");
  const first = writeRandomFile(file, 1000);
  await uploads.chooseFiles(file);
  await uploads.says("report.pdf", "Done");
  const second = writeRandomFile(file, 2000);
  await uploads.chooseFiles(file);
  await expect.poll(async () => (await sluice.objects()).size, { timeout: 15_000 }).toBe(2);
  expect(await sluice.sha256("report.pdf")).toBe(first);
  expect(await sluice.sha256("report (2).pdf")).toBe(second);
});

test("a large file that is chosen twice arrives twice, and nothing is left of the first try", async ({
  uploads,
  sluice,
  folder,
}) => {
  const file = join(folder, "twin.bin");
  const hash = writeRandomFile(file, 20 * MiB);
  await uploads.chooseFiles(file);
  await uploads.chooseFiles(file);
  await expect.poll(async () => (await sluice.objects()).size, { timeout: 30_000 }).toBe(2);
  expect(await sluice.sha256("twin.bin")).toBe(hash);
  expect(await sluice.sha256("twin (2).bin")).toBe(hash);
  await expect.poll(() => sluice.openUploads(), { timeout: 15_000 }).toBe(0);
});

test("clearing the last file leaves the focus in the page's content", async ({
  uploads,
  folder,
}) => {
  const file = join(folder, "only.txt");
  writeFileSync(file, "x");
  await uploads.chooseFiles(file);
  await uploads.says("only.txt", "Done");
  const clear = uploads.page.getByRole("button", { name: "Clear finished" });
  await clear.focus();
  await uploads.page.keyboard.press("Enter");
  await expect(uploads.page.getByRole("heading", { name: "Drop files" })).toBeVisible();
  await expect(uploads.page.getByRole("main")).toBeFocused();
});

test("the key is copied and the object opens from its row", async ({
  uploads,
  context,
  folder,
}) => {
  const file = join(folder, "note #1.txt");
  writeFileSync(file, "hello from a file");
  await uploads.chooseFiles(file);
  await uploads.says("note #1.txt", "Done");
  await uploads.press("note #1.txt", /Copy/);
  expect(await uploads.page.evaluate(() => navigator.clipboard.readText())).toBe("note #1.txt");
  const opened = context.waitForEvent("page");
  await uploads.press("note #1.txt", /Open/);
  const tab = await opened;
  await expect(tab.locator("body")).toContainText("hello from a file");
});

/** Whether no byte moved for half a second. */
async function hasStopped(line: TcpProxy): Promise<boolean> {
  const before = line.sentBytes();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return line.sentBytes() === before;
}
