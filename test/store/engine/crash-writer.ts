/** Writes without end and says what was acknowledged, until it is killed. Run with: directory, seed. */
import { createHash, randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import type { Engine } from "../../../server/store/engine.ts";
import { openEngine } from "../../../server/store/engine/open-engine.ts";
import { bodyOf } from "./body-of.ts";

/** An acknowledgement, one JSON line each. */
export interface Acknowledged {
  readonly key: string;
  /** MD5 of the bytes; `null`: deleted. */
  readonly md5: string | null;
}

const WRITERS = 4;
const SIZES_BYTES = [0, 5, 70_000, 300_000, 3_000_000];

function acknowledge(line: Acknowledged): void {
  // Synchronously, so that nothing acknowledged can get lost between us and the one who kills us.
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

async function putOnce(engine: Engine, key: string, sizeBytes: number): Promise<void> {
  const bytes = randomBytes(sizeBytes);
  await engine.objects.put("bucket", key, bodyOf(bytes), { sizeBytes });
  acknowledge({ key, md5: md5(bytes) });
}

async function multipartOnce(engine: Engine, key: string, sizeBytes: number): Promise<void> {
  const pieces = [randomBytes(sizeBytes), randomBytes(sizeBytes), randomBytes(7)];
  const { uploadId } = await engine.uploads.create("bucket", key, {});
  const parts = [];
  for (const [index, piece] of pieces.entries()) {
    parts.push(await engine.uploads.putPart("bucket", key, uploadId, index + 1, bodyOf(piece), {}));
  }
  await engine.uploads.complete("bucket", key, uploadId, { parts });
  acknowledge({ key, md5: md5(Buffer.concat(pieces)) });
}

/** Keys of its own, over and over: put, upload in parts, overwrite, delete. */
async function writeForever(engine: Engine, writer: number): Promise<void> {
  for (let round = 0; ; round++) {
    const key = `${writer}/${round % 3}`;
    const sizeBytes = SIZES_BYTES[round % SIZES_BYTES.length] ?? 0;
    if (round % 4 === 3) {
      await engine.objects.delete("bucket", key);
      acknowledge({ key, md5: null });
    } else if (round % 4 === 2) {
      await multipartOnce(engine, key, sizeBytes);
    } else {
      await putOnce(engine, key, sizeBytes);
    }
  }
}

const [directory = ""] = process.argv.slice(2);
const engine = await openEngine({ directory, minPartSizeBytes: 0, sweepIntervalMs: 0 });
await engine.buckets.create("bucket").catch(() => undefined);
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForever(engine, writer)));
