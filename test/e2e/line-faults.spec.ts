import { join } from "node:path";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./shaped.ts";

const MiB = 1024 * 1024;
const NONE = { reset: 0, slowDown: 0, stall: 0, lostAnswer: 0 };

/** Files of every way up: a form, one request, and parts. */
const SIZES = { "form.bin": 300_000, "put.bin": 6 * MiB, "parts.bin": 48 * MiB };

for (const [fault, rate] of [
  ["reset", 0.3],
  ["slowDown", 0.3],
  ["stall", 0.15],
  ["lostAnswer", 0.3],
] as const) {
  test(`${fault}: files of every size arrive all the same, and nothing is left behind`, async ({
    uploads,
    sluice,
    line,
    folder,
  }) => {
    test.setTimeout(240_000);
    await line.change({ faults: { ...NONE, [fault]: rate } });
    const hashes = Object.entries(SIZES).map(
      ([name, sizeBytes]) => [name, writeRandomFile(join(folder, name), sizeBytes)] as const,
    );
    await uploads.chooseFiles(...hashes.map(([name]) => join(folder, name)));
    for (const [name] of hashes) await uploads.says(name, "Done", 200_000);
    for (const [name, hash] of hashes) expect(await sluice.sha256(name)).toBe(hash);
    expect(await sluice.openUploads()).toBe(0);
    expect((await sluice.objects()).size).toBe(hashes.length);
  });
}

test("a line that goes dead without a word is noticed, and the part goes again", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  test.setTimeout(180_000);
  const hash = writeRandomFile(join(folder, "dead.bin"), 40 * MiB);
  await line.change({ bytesPerSecondPerConnection: 3 * MiB });
  await uploads.chooseFiles(join(folder, "dead.bin"));
  await expect.poll(async () => (await line.counts()).transferBytes).toBeGreaterThan(8 * MiB);
  await line.change({ passage: "frozen" });
  await uploads.page.waitForTimeout(3000);
  await line.resetAll();
  await line.change({ passage: "open", bytesPerSecondPerConnection: Infinity });
  await uploads.says("dead.bin", "Done", 120_000);
  expect(await sluice.sha256("dead.bin")).toBe(hash);
});

test("a URL that expired under way is signed anew", async ({ uploads, sluice, folder }) => {
  const hash = writeRandomFile(join(folder, "late.bin"), 40 * MiB);
  let refused = 0;
  // As S3 answers it: 403, without a CORS header, so that a page cannot read why.
  await uploads.page.route(/partNumber=/, async (route) => {
    if (route.request().method() !== "PUT" || refused >= 3) return route.fallback();
    refused += 1;
    await route.fulfill({ status: 403, body: "<Error><Code>AccessDenied</Code></Error>" });
  });
  await uploads.chooseFiles(join(folder, "late.bin"));
  await uploads.says("late.bin", "Done", 60_000);
  expect(refused).toBe(3);
  expect(await sluice.sha256("late.bin")).toBe(hash);
});

test("an upload that the storage forgot starts again by itself and says so", async ({
  uploads,
  sluice,
  line,
  folder,
}) => {
  const hash = writeRandomFile(join(folder, "forgotten.bin"), 40 * MiB);
  await line.change({ bytesPerSecondPerConnection: 2 * MiB });
  await uploads.chooseFiles(join(folder, "forgotten.bin"));
  await expect.poll(async () => (await line.counts()).transferBytes).toBeGreaterThan(6 * MiB);
  await sluice.forgetUploads();
  await uploads.says("forgotten.bin", /started again/i, 60_000);
  await line.change({ bytesPerSecondPerConnection: Infinity });
  await uploads.says("forgotten.bin", "Done", 60_000);
  expect(await sluice.sha256("forgotten.bin")).toBe(hash);
  expect(await sluice.openUploads()).toBe(0);
});

test.describe("two origins", () => {
  test.use({ originCount: 2 });

  test("carry the parts together, and one that dies is dropped while the upload goes on", async ({
    uploads,
    sluice,
    line,
    folder,
  }) => {
    const hash = writeRandomFile(join(folder, "both.bin"), 96 * MiB);
    await line.change({ bytesPerSecondPerConnection: 2 * MiB });
    await uploads.chooseFiles(join(folder, "both.bin"));
    await expect
      .poll(async () => {
        const counts = await line.countsByPort();
        return Math.min(...counts.map(({ transferBytes }) => transferBytes));
      })
      .toBeGreaterThan(8 * MiB);
    await line.change({ passage: "refusing" }, 1);
    await line.resetAll();
    await line.change({ bytesPerSecondPerConnection: Infinity });
    await uploads.says("both.bin", "Done", 60_000);
    expect(await sluice.sha256("both.bin")).toBe(hash);
  });
});
