import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PutBucketCorsCommand, type CORSRule } from "@aws-sdk/client-s3";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import type { SluiceServer } from "./sluice-server.ts";

const MiB = 1024 * 1024;

test("a server killed in mid-upload and started again finishes it without a click", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "survivor.bin");
  const hash = writeRandomFile(file, 64 * MiB);
  line.setRate(16 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(28 * MiB);
  await sluice.kill();
  await uploads.says("survivor.bin", /does not answer/);
  await uploads.page.waitForTimeout(2000);
  line.setRate(Infinity);
  await sluice.start();
  await uploads.says("survivor.bin", "Done", 60_000);
  expect(await sluice.sha256("survivor.bin")).toBe(hash);
  expect(line.sentBytes()).toBeLessThan(64 * MiB + 8 * 8 * MiB);
});

test("a line that resets every connection costs only the parts under way", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "resets.bin");
  const hash = writeRandomFile(file, 64 * MiB);
  line.setRate(24 * MiB);
  await uploads.chooseFiles(file);
  for (const sent of [16, 40]) {
    await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(sent * MiB);
    line.resetAll();
  }
  await uploads.says("resets.bin", "Done", 60_000);
  expect(await sluice.sha256("resets.bin")).toBe(hash);
});

test("offline is named, and back online it goes on by itself", async ({
  uploads,
  sluice,
  line,
  context,
  folder,
}) => {
  const file = join(folder, "train.bin");
  const hash = writeRandomFile(file, 48 * MiB);
  line.setRate(12 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(12 * MiB);
  await context.setOffline(true);
  line.resetAll();
  await uploads.says("train.bin", /offline/i);
  await context.setOffline(false);
  line.setRate(Infinity);
  await uploads.says("train.bin", "Done", 60_000);
  expect(await sluice.sha256("train.bin")).toBe(hash);
});

test("a file that changes under way fails by name and leaves no object", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const file = join(folder, "draft.bin");
  writeRandomFile(file, 48 * MiB);
  line.setRate(8 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(4 * MiB);
  appendFileSync(file, "one more line");
  line.setRate(Infinity);
  await uploads.says("draft.bin", /changed/i, 45_000);
  expect((await sluice.objects()).size).toBe(0);
});

test("a file deleted after it was chosen is named", async ({ uploads, line, folder }) => {
  const file = join(folder, "gone.bin");
  writeRandomFile(file, 48 * MiB);
  line.setRate(8 * MiB);
  await uploads.chooseFiles(file);
  await expect.poll(() => line.sentBytes(), { timeout: 30_000 }).toBeGreaterThan(4 * MiB);
  rmSync(file);
  line.setRate(Infinity);
  await uploads.says("gone.bin", /read|moved|deleted/i, 45_000);
});

test("a bucket that refuses this page says which CORS rule is missing", async ({
  uploads,
  sluice,
  folder,
}) => {
  await setCors(sluice, { AllowedOrigins: ["https://elsewhere.example"] });
  const file = join(folder, "refused.bin");
  writeRandomFile(file, 20 * MiB);
  await uploads.chooseFiles(file);
  await uploads.says("refused.bin", /CORS/, 45_000);
  await expect(uploads.page.getByText(/AllowedOrigins/).first()).toBeAttached();
});

test("a bucket that hides the ETag says so", async ({ uploads, sluice, folder }) => {
  await setCors(sluice, { ExposeHeaders: [] });
  const file = join(folder, "hidden.bin");
  writeRandomFile(file, 20 * MiB);
  await uploads.chooseFiles(file);
  await uploads.says("hidden.bin", /ETag/, 45_000);
});

test("a page opened while the server is away says so and recovers", async ({
  uploads,
  sluice,
  folder,
}) => {
  const hash = writeRandomFile(join(folder, "later.bin"), 1000);
  await uploads.page.route("**/api/config", (route) => route.abort());
  await uploads.page.reload();
  await expect(uploads.page.getByRole("alert").first()).toBeVisible();
  await uploads.page.unroute("**/api/config");
  await uploads.page.getByRole("button", { name: /again|retry/i }).click();
  await uploads.chooseFiles(join(folder, "later.bin"));
  await uploads.says("later.bin", "Done");
  expect(await sluice.sha256("later.bin")).toBe(hash);
});

async function setCors(sluice: SluiceServer, change: Partial<CORSRule>): Promise<void> {
  const rule: CORSRule = {
    AllowedOrigins: ["*"],
    AllowedMethods: ["GET", "PUT", "POST", "HEAD"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag"],
    ...change,
  };
  await sluice.s3.send(
    new PutBucketCorsCommand({ Bucket: sluice.bucket, CORSConfiguration: { CORSRules: [rule] } }),
  );
}
