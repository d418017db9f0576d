import { openEngine } from "../../server/store/engine/open-engine.ts";
import type { Seat } from "./seat.ts";

/** In the embedded store's own directory, while no store has it open: here the time can be told. */
export async function openEngineSeat(directory: string, bucket: string): Promise<Seat> {
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const engine = await openEngine({ directory, sweepIntervalMs: 0, now });
  const buckets = await engine.buckets.list();
  if (!buckets.some(({ name }) => name === bucket)) await engine.buckets.create(bucket);
  return {
    open: async (key) => (await engine.uploads.create(bucket, key, {})).uploadId,
    async putPart(key, uploadId, partNumber, bytes) {
      await engine.uploads.putPart(bucket, key, uploadId, partNumber, piecesOf(bytes), {});
    },
    async putObject(key, bytes) {
      await engine.objects.put(bucket, key, piecesOf(bytes), { sizeBytes: bytes.length });
    },
    goBack(ageMs) {
      aheadMs = -ageMs;
    },
    close: () => engine.close(),
  };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
