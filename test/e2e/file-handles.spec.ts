import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { recordOf } from "../web/transfer/resume/records.ts";
import { type Lab, openLab, test } from "./resume-lab.ts";

const MiB = 1024 * 1024;

let folder = "";
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-files-"));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(path: string, sizeBytes: number): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, Buffer.alloc(sizeBytes, path));
  return file;
}

test("a large file that was dropped opens on the next visit without being chosen again", async ({
  tab,
}) => {
  const file = fileOf("film.mp4", 20 * MiB);
  await drop(tab, [file]);
  await tab.evaluate(
    async (record) => {
      const { store }: Lab = Reflect.get(globalThis, "lab");
      const [dropped] = Reflect.get(globalThis, "dropped");
      await store.save(record, dropped.handle);
    },
    recordOf({ startedAt: Date.now() }),
  );
  await openLab(tab);
  const opened = await tab.evaluate(async () => {
    const { store, resume }: Lab = Reflect.get(globalThis, "lab");
    const [stored] = await store.load();
    const file = stored?.handle && (await resume.openKept(stored.handle));
    if (!(file instanceof File)) return file;
    return { name: file.name, size: file.size, start: await file.slice(0, 8).text() };
  });
  expect(opened).toEqual({ name: "film.mp4", size: 20 * MiB, start: "film.mp4" });
});

test("files and folders of one drop keep their paths; files for parts have the handle of the same file", async ({
  tab,
}) => {
  const large = fileOf("film.mp4", 16 * MiB);
  const small = fileOf("note.txt", 10);
  fileOf("album/2026/deep.mp4", 16 * MiB);
  await drop(tab, [large, small, join(folder, "album")]);
  const taken = await tab.evaluate(async () => {
    const dropped: { file: File; relativePath: string; handle?: FileSystemFileHandle }[] =
      Reflect.get(globalThis, "dropped");
    const identity = ({ name, size, lastModified }: File) => ({ name, size, lastModified });
    return Promise.all(
      dropped.map(async ({ file, relativePath, handle }) => ({
        relativePath,
        file: identity(file),
        byHandle: handle ? identity(await handle.getFile()) : null,
      })),
    );
  });
  expect(taken.map(({ relativePath, byHandle }) => [relativePath, byHandle?.name])).toEqual([
    ["film.mp4", "film.mp4"],
    ["note.txt", undefined],
    ["album/2026/deep.mp4", undefined],
  ]);
  // A record is matched by size and date, whichever way the file was opened.
  expect(taken[0]?.byHandle).toEqual(taken[0]?.file);
});

/** Drops files of the disk on the page, and puts what was made of them into `globalThis.dropped`. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const { selection }: Lab = Reflect.get(globalThis, "lab");
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer) return;
      const { entries } = selection.readDrop(event.dataTransfer, () => performance.now());
      const found: unknown[] = [];
      const sink = {
        onFiles: (files: readonly unknown[]) => void found.push(...files),
        onProgress: () => undefined,
        pause: () => new Promise<void>((resolve) => setTimeout(resolve)),
        now: () => performance.now(),
      };
      const { signal } = new AbortController();
      void selection.readEntries(entries, sink, signal).then(() => {
        Object.assign(globalThis, { dropped: found });
      });
    });
  });
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devTools.send("Input.dispatchDragEvent", { type, x: 50, y: 50, data });
  }
  await page.waitForFunction(() => "dropped" in globalThis);
}
