import { expect, it } from "vitest";
import { createAnswerCache, MAX_KEPT_BYTES, type KeptAnswer } from "../../../server/cache/index.ts";

const COUNTS = { bytesScanned: 1, bytesProcessed: 2, bytesReturned: 3 };

function answer(sizeBytes: number): KeptAnswer {
  return { engine: "embedded", records: new Uint8Array(sizeBytes), counts: COUNTS };
}

it("gives back what it was given", async () => {
  const cache = createAnswerCache();
  await cache.set("a", answer(10));
  expect(await cache.get("a")).toEqual(answer(10));
  expect(await cache.get("b")).toBeUndefined();
});

it("holds no more than it may: what was not asked for longest goes first", async () => {
  const cache = createAnswerCache(3000);
  await cache.set("a", answer(900));
  await cache.set("b", answer(900));
  await cache.get("a");
  await cache.set("c", answer(900));
  const has = async (key: string) => (await cache.get(key)) !== undefined;
  expect([await has("a"), await has("b"), await has("c")]).toEqual([true, false, true]);
});

it("keeps the bytes of an answer alone, not what they are a part of", async () => {
  const cache = createAnswerCache();
  await cache.set("a", { ...answer(0), records: new Uint8Array(8192).subarray(0, 3) });
  expect((await cache.get("a"))?.records.buffer.byteLength).toBe(3);
});

it("counts answers of nothing too", async () => {
  const cache = createAnswerCache(10_000);
  for (let index = 0; index < 100; index += 1) await cache.set(String(index), answer(0));
  const kept = await Promise.all(Array.from({ length: 100 }, (_, key) => cache.get(String(key))));
  expect(kept.filter((each) => each !== undefined).length).toBeLessThan(20);
});

it("does not keep what is too long", async () => {
  const cache = createAnswerCache();
  await cache.set("a", answer(MAX_KEPT_BYTES + 1));
  expect(await cache.get("a")).toBeUndefined();
});
