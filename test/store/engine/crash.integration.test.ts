import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Engine } from "../../../server/store/engine.ts";
import { openEngine } from "../../../server/store/engine/open-engine.ts";
import type { Acknowledged } from "./crash-writer.ts";
import { contentFiles, readObject, temporaryDirectory, until } from "./temporary-engine.ts";

const WRITER = fileURLToPath(new URL("./crash-writer.ts", import.meta.url));
const ROUNDS = 6;

/** Lets the writer run for a while after its first answer, kills it, and gives back what it acknowledged. */
async function writeAndKill(directory: string, aliveMs: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, ["--import", "tsx", WRITER, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: Acknowledged[] = [];
  const lines = createInterface(child.stdout);
  lines.on("line", (line) => acknowledged.push(JSON.parse(line)));
  const closed = once(lines, "close");
  await once(lines, "line");
  await delay(aliveMs);
  child.kill("SIGKILL");
  await Promise.all([closed, once(child, "exit")]);
  return acknowledged;
}

async function md5Of(engine: Engine, key: string): Promise<string | null> {
  try {
    return createHash("md5")
      .update(await readObject(engine, key))
      .digest("hex");
  } catch (error) {
    expect(error).toMatchObject({ code: "NoSuchKey" });
    return null;
  }
}

test("a store killed at any moment keeps what it acknowledged, shows nothing by half and leaves no litter", async () => {
  const directory = temporaryDirectory();
  const lastMd5 = new Map<string, string | null>();
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await writeAndKill(directory, Math.random() * 400);
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const { key, md5 } of acknowledged) lastMd5.set(key, md5);

    const engine = await openEngine({ directory, sweepIntervalMs: 0 });
    const { objects } = await engine.objects.list("bucket", { maxKeys: 1000 });
    const found = new Set([...objects.map(({ key }) => key), ...lastMd5.keys()]);
    let unacknowledged = 0;
    for (const key of found) {
      const md5 = await md5Of(engine, key);
      if (md5 !== (lastMd5.get(key) ?? null)) unacknowledged++;
      // Whatever a write that nobody heard of left behind is whole: its ETag says so.
      lastMd5.set(key, md5);
      if (md5 === null) continue;
      const { etag, partCount } = await engine.objects.head("bucket", key);
      if (partCount === undefined) expect(etag).toBe(md5);
    }
    // Each of the four writers had at most one write under way.
    expect(unacknowledged).toBeLessThanOrEqual(4);
    await expectNoLitter(engine, directory);
    await engine.close();
  }
});

/** After aborting what was in flight, exactly the objects' own files are left. */
async function expectNoLitter(engine: Engine, directory: string): Promise<void> {
  const { uploads } = await engine.uploads.list("bucket", { maxUploads: 1000 });
  for (const { key, uploadId } of uploads) await engine.uploads.abort("bucket", key, uploadId);
  const { objects } = await engine.objects.list("bucket", { maxKeys: 1000 });
  let expected = 0;
  for (const { key } of objects) {
    expected += (await engine.objects.head("bucket", key)).partCount ?? 1;
  }
  await until(() => contentFiles(directory).length === expected);
}
