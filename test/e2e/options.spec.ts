import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";

const MiB = 1024 * 1024;

test("metadata, tags and Cache-Control arrive with the object, also after a reload", async ({
  uploads,
  sluice,
  folder,
}) => {
  const { page } = uploads;
  await page.getByRole("button", { name: "Options" }).click();
  await page.locator("summary", { hasText: "More" }).click();
  await page.getByLabel("Cache-Control", { exact: true }).selectOption("no-cache");
  await page.getByRole("button", { name: "Add metadata" }).click();
  await page.getByLabel("Name of metadata 1").fill("camera");
  await page.getByLabel("Value of metadata 1").fill("Leica M6");
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Key of tag 1").fill("Projekt größe");
  await page.getByLabel("Value of tag 1").fill("1+1=2");
  await page.reload();
  writeRandomFile(join(folder, "small.bin"), 1000);
  writeRandomFile(join(folder, "large.bin"), 20 * MiB);
  await uploads.chooseFiles(join(folder, "small.bin"), join(folder, "large.bin"));
  for (const Key of ["small.bin", "large.bin"]) {
    await uploads.says(Key, "Done");
    const object = { Bucket: sluice.bucket, Key };
    const head = await sluice.s3.send(new HeadObjectCommand(object));
    expect(head.CacheControl).toBe("no-cache");
    expect(head.Metadata).toMatchObject({ camera: "Leica M6" });
    const { TagSet } = await sluice.s3.send(new GetObjectTaggingCommand(object));
    expect(TagSet).toEqual([{ Key: "Projekt größe", Value: "1+1=2" }]);
  }
});

test("a text is packed on the way and says so; what is no text stays as it is", async ({
  uploads,
  sluice,
  folder,
}) => {
  const text = "2026-11-24 22:00:00 GET /index.html 200\n".repeat(200_000);
  writeFileSync(join(folder, "access.log.txt"), text);
  const hash = writeRandomFile(join(folder, "noise.bin"), 1000);
  await uploads.page.getByRole("button", { name: "Options" }).click();
  await uploads.page.getByLabel("Pack text files with gzip").check();
  await uploads.chooseFiles(join(folder, "access.log.txt"), join(folder, "noise.bin"));
  await uploads.says("access.log.txt", "Done");
  await uploads.says("noise.bin", "Done");
  const object = { Bucket: sluice.bucket, Key: "access.log.txt" };
  const { Body, ContentEncoding } = await sluice.s3.send(new GetObjectCommand(object));
  expect(ContentEncoding).toBe("gzip");
  const packed = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(packed.length).toBeLessThan(text.length / 10);
  expect(gunzipSync(packed).toString()).toBe(text);
  expect(await sluice.sha256("noise.bin")).toBe(hash);
});

test("the receipt says that the checksum is equal, and that none was compared where none was wanted", async ({
  uploads,
  folder,
}) => {
  const { page } = uploads;
  writeRandomFile(join(folder, "checked.bin"), 20 * MiB);
  await uploads.chooseFiles(join(folder, "checked.bin"));
  await uploads.says("checked.bin", "Done");
  await uploads.press("checked.bin", /Receipt/);
  await uploads.says("checked.bin", "equal to what this browser read");
  await page.getByRole("button", { name: "Options" }).click();
  await page.getByLabel("Check every byte").uncheck();
  writeRandomFile(join(folder, "trusted.bin"), 20 * MiB);
  await uploads.chooseFiles(join(folder, "trusted.bin"));
  await uploads.says("trusted.bin", "Done");
  await uploads.press("trusted.bin", /Receipt/);
  await uploads.says("trusted.bin", "not compared");
});
