import { join } from "node:path";
import * as z from "zod/mini";
import {
  ListUploadsResponse,
  ResumeLinkResponse,
  type IncompleteUpload,
} from "../../shared/admin-api.ts";
import { ListPartsResponse } from "../../shared/api.ts";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import { rest } from "./resting-line.ts";
import type { SluiceServer } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";

const MiB = 1024 * 1024;
const SIZE_BYTES = 64 * MiB;

test("an upload says that it is alive, that it was put aside, and that its page was left", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "film.mov");
  writeRandomFile(file, SIZE_BYTES);
  line.setRate(3 * MiB);
  await uploads.chooseFiles(file);
  await uploads.says("film.mov", "Uploading");
  await expect.poll(() => livenessIn(sluice)).toEqual(["uploading"]);
  const [listed] = await incompleteIn(sluice);
  expect(listed).toMatchObject({ key: "film.mov", live: true, fileSizeBytes: SIZE_BYTES });
  await uploads.press("film.mov", /Pause/);
  await expect.poll(() => livenessIn(sluice), { timeout: 10_000 }).toEqual(["paused"]);
  await uploads.press("film.mov", /Resume/);
  await expect.poll(() => livenessIn(sluice), { timeout: 10_000 }).toEqual(["uploading"]);
  // The question whether to leave is answered with yes.
  uploads.page.on("dialog", (dialog) => void dialog.accept());
  await uploads.page.goto("about:blank");
  await expect.poll(() => livenessIn(sluice), { timeout: 10_000 }).toEqual(["paused"]);
});

test("a link resumes an upload in a browser that never saw it, from the first part that is missing", async ({
  uploads,
  sluice,
  line,
  folder,
  browser,
}) => {
  const file = join(folder, "left.mov");
  const hash = writeRandomFile(file, SIZE_BYTES);
  line.setRate(6 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => sluice.heldPartBytes(), { timeout: 60_000 }).toBeGreaterThan(20 * MiB);
  uploads.page.on("dialog", (dialog) => void dialog.accept());
  await uploads.page.goto("about:blank");
  line.setRate(Infinity);
  await rest(line);
  const [left] = await incompleteIn(sluice);
  const { path, owner } = await linkTo(left, sluice);
  expect(owner).toBe("local");
  const heldBytes = await bytesToFirstGap(sluice, path);
  const sentBytes = line.sentBytes();
  const elsewhere = await browser.newContext();
  const page = await elsewhere.newPage();
  await page.goto(sluice.url + path);
  await expect(page.getByText("can go on where it stopped")).toBeVisible();
  // Whoever copies the address does not copy the link.
  expect(new URL(page.url()).search).toBe("");
  await page.evaluate(() => Reflect.deleteProperty(window, "showOpenFilePicker"));
  const chooser = page.waitForEvent("filechooser");
  await page
    .getByRole("button", { name: /Choose/ })
    .last()
    .click();
  await (await chooser).setFiles(file);
  await new UploadPage(page).says("left.mov", "Done", 60_000);
  expect(await sluice.sha256("left.mov")).toBe(hash);
  expect(line.sentBytes() - sentBytes).toBeLessThan(SIZE_BYTES - heldBytes + 2 * MiB);
  expect(await sluice.openUploads()).toBe(0);
  await elsewhere.close();
});

async function incompleteIn(sluice: SluiceServer): Promise<IncompleteUpload[]> {
  const response = await fetch(`${sluice.url}/api/admin/uploads`);
  return z.parse(ListUploadsResponse, await response.json()).uploads;
}

async function livenessIn(sluice: SluiceServer): Promise<string[]> {
  return (await incompleteIn(sluice)).map(({ liveness }) => liveness);
}

/** What lies before the first part that is missing: of sizes that are free, nobody else knows where later ones belong. */
async function bytesToFirstGap({ url }: SluiceServer, path: string): Promise<number> {
  const id = new URL(path, url).searchParams.get("resume") ?? "";
  const response = await fetch(`${url}/api/uploads/${encodeURIComponent(id)}/parts`);
  const { parts } = z.parse(ListPartsResponse, await response.json());
  const gap = parts.findIndex(({ partNumber }, index) => partNumber !== index + 1);
  const before = gap < 0 ? parts : parts.slice(0, gap);
  return before.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function linkTo(
  upload: IncompleteUpload | undefined,
  sluice: SluiceServer,
): Promise<ResumeLinkResponse> {
  const { key, uploadId } = upload ?? { key: "", uploadId: "" };
  const response = await fetch(`${sluice.url}/api/admin/uploads/resume-link`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key, uploadId }),
  });
  return z.parse(ResumeLinkResponse, await response.json());
}
