import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { openEngine } from "../../../server/store/engine/open-engine.ts";
import { bodyOf } from "./body-of.ts";
import { contentFiles, readObject, temporaryDirectory, until } from "./temporary-engine.ts";

/** A disk of its own of a few MiB; needs the right to mount, and skips the test without it. */
function smallDisk(context: TestContext, size: string): string {
  const directory = join(temporaryDirectory(), "disk");
  mkdirSync(directory);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], {
      stdio: "ignore",
    });
  } catch {
    context.skip("mounting a small disk needs root on Linux");
  }
  onTestFinished(() => void execFileSync("umount", [directory]));
  return directory;
}

test("a full disk refuses content by InsufficientStorage and harms nothing", async (context) => {
  const directory = smallDisk(context, "8m");
  const engine = await openEngine({ directory, sweepIntervalMs: 0, reserveSizeBytes: 1024 * 1024 });
  onTestFinished(() => engine.close());
  await engine.buckets.create("bucket");
  const kept = randomBytes(2_000_000);
  await engine.objects.put("bucket", "kept", bodyOf(kept), {});
  const tooMuch = engine.objects.put("bucket", "more", bodyOf(randomBytes(9_000_000)), {});
  await expect(tooMuch).rejects.toMatchObject({ code: "InsufficientStorage", status: 507 });
  expect((await readObject(engine, "kept")).equals(kept)).toBe(true);
  await until(() => contentFiles(directory).length === 1);
  await engine.objects.put("bucket", "small", bodyOf("fits again"), {});
  await engine.close();
});

test("a disk that fills up with small objects refuses, deletes, and takes more", async (context) => {
  const directory = smallDisk(context, "5m");
  const engine = await openEngine({ directory, sweepIntervalMs: 0, reserveSizeBytes: 1024 * 1024 });
  onTestFinished(() => engine.close());
  await engine.buckets.create("bucket");
  const taken: string[] = [];
  let refusal: unknown;
  for (let number = 0; refusal === undefined && number < 5000; number++) {
    const key = `${number}-${"k".repeat(900)}`;
    try {
      await engine.objects.put("bucket", key, bodyOf(key), {});
      taken.push(key);
    } catch (error) {
      refusal = error;
    }
  }
  expect(refusal).toMatchObject({ code: "InsufficientStorage" });
  for (const key of taken) expect((await readObject(engine, key)).toString()).toBe(key);
  // Deleting needs room in the catalogue for a moment, and must work on a full disk.
  await engine.objects.deleteMany("bucket", taken.slice(0, 50));
  await until(() => contentFiles(directory).length === taken.length - 50);
  await engine.objects.put("bucket", "again", bodyOf("again"), {});
  await engine.close();
});
