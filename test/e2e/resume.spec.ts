import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ListMultipartUploadsCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import type { Locator } from "@playwright/test";
import type { TcpProxy } from "../faults/tcp-proxy.ts";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import { rest } from "./resting-line.ts";
import type { SluiceServer } from "./sluice-server.ts";
import type { UploadPage } from "./upload-page.ts";

const MiB = 1024 * 1024;
const SIZE_BYTES = 120 * MiB;

test("a reloaded page goes on with the file once it is chosen again, and sends nothing twice", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "film.mov");
  const hash = writeRandomFile(file, SIZE_BYTES);
  await breakOff(file, uploads, line);
  const heldBytes = await bytesHeld(sluice);
  const sentBytes = line.sentBytes();
  const section = unfinished(uploads);
  await expect(section).toContainText("film.mov");
  line.setRate(Infinity);
  await chooseFor(section, "film.mov", file);
  await uploads.says("film.mov", "Done", 60_000);
  expect(await sluice.sha256("film.mov")).toBe(hash);
  // Headers and preflights come on top of the bytes.
  expect(line.sentBytes() - sentBytes).toBeLessThan(SIZE_BYTES - heldBytes + MiB);
  await expect(section).toHaveCount(0);
});

test("adding the file again goes on where the last visit ended", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "again.mov");
  const hash = writeRandomFile(file, SIZE_BYTES);
  await breakOff(file, uploads, line);
  const heldBytes = await bytesHeld(sluice);
  const sentBytes = line.sentBytes();
  line.setRate(Infinity);
  await uploads.chooseFiles(file);
  await uploads.says("again.mov", "Done", 60_000);
  expect(await sluice.sha256("again.mov")).toBe(hash);
  expect(line.sentBytes() - sentBytes).toBeLessThan(SIZE_BYTES - heldBytes + MiB);
  expect(await sluice.openUploads()).toBe(0);
});

test("another file is refused by what differs, and discarding gives the parts back", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "draft.mov");
  writeRandomFile(file, SIZE_BYTES);
  await breakOff(file, uploads, line);
  const section = unfinished(uploads);
  mkdirSync(join(folder, "other"));
  const other = join(folder, "other", "draft.mov");
  writeRandomFile(other, 1000);
  await chooseFor(section, "draft.mov", other);
  await expect(section.getByRole("alert")).toContainText("“draft.mov” has 1,000 bytes");
  await section.getByRole("button", { name: "Discard: draft.mov" }).click();
  await uploads.page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await expect(section).toHaveCount(0);
  await expect.poll(() => sluice.openUploads(), { timeout: 15_000 }).toBe(0);
});

test("a second tab says that the first one works on it", async ({
  uploads,
  sluice,
  line,
  context,
  folder,
}) => {
  const file = join(folder, "busy.mov");
  writeRandomFile(file, SIZE_BYTES);
  line.setRate(8 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => bytesHeld(sluice), { timeout: 30_000 }).toBeGreaterThan(0);
  const second = await context.newPage();
  await second.goto(sluice.url);
  const section = second.getByRole("region", { name: "Unfinished from before" });
  await expect(section).toContainText("Uploading in another tab");
});

/** Uploads a file until the storage holds some of it, then reloads the page. */
async function breakOff(file: string, uploads: UploadPage, line: TcpProxy): Promise<void> {
  line.setRate(20 * MiB);
  uploads.page.on("dialog", (dialog) => void dialog.accept());
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(60 * MiB);
  await uploads.page.reload();
  await expect(unfinished(uploads)).toContainText("are there");
  await rest(line);
}

function unfinished({ page }: UploadPage): Locator {
  return page.getByRole("region", { name: "Unfinished from before" });
}

async function chooseFor(section: Locator, name: string, file: string): Promise<void> {
  const chooser = section.page().waitForEvent("filechooser");
  await section.getByRole("button", { name: `Choose the file ${name}` }).click();
  await (await chooser).setFiles(file);
}

/** What the storage holds of the one upload that is open. */
async function bytesHeld({ s3, bucket: Bucket }: SluiceServer): Promise<number> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  const [upload] = Uploads;
  if (!upload) return 0;
  const { Key, UploadId } = upload;
  const { Parts = [] } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
  return Parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
}
