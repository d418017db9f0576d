import { describe, expect, it } from "vitest";
import { createUploadPlaces } from "../../../server/auth/index.ts";

const DAY_MS = 24 * 60 * 60_000;

function scene(most = 2) {
  let nowMs = 0;
  const places = createUploadPlaces(most, () => nowMs);
  const begin = async (uploadId: string, owner = "ada") => {
    await places.take(owner);
    await places.settle(owner, uploadId);
  };
  return { ...places, begin, pass: (ms: number) => void (nowMs += ms) };
}

const full = { code: "rate-limited", retryAfterSeconds: 60 };

describe("the places of uploads", () => {
  it("are as many for each caller, and say what to do where there is none", async () => {
    const { begin } = scene();
    await begin("1");
    await begin("2");
    await expect(begin("3")).rejects.toMatchObject(full);
    await expect(begin("3")).rejects.toThrow(/2 uploads .* end some/);
    await begin("4", "eve");
  });

  it("are counted before the storage answers", async () => {
    const { take } = scene();
    const all = await Promise.allSettled(["a", "b", "c"].map(() => take("ada")));
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  });

  it("are given back by an end, once, and where nothing was begun", async () => {
    const { begin, free, take, settle } = scene();
    await begin("1");
    await begin("2");
    await free("1");
    await free("1");
    await free("unknown");
    await take("ada");
    await expect(take("ada")).rejects.toMatchObject(full);
    await settle("ada", null);
    await begin("3");
    await expect(begin("4")).rejects.toMatchObject(full);
  });

  it("are given back after seven days, when the upload's ID has expired", async () => {
    const { begin, pass } = scene(1);
    await begin("1");
    pass(7 * DAY_MS - 1);
    await expect(begin("2")).rejects.toMatchObject(full);
    pass(1);
    await begin("2");
  });

  it("take a bounded memory: beyond 200,000 the oldest are forgotten", async () => {
    const { begin } = scene(1);
    await begin("first", "ada");
    for (let count = 0; count <= 200_000; count += 1) await begin(`${count}`, `owner ${count}`);
    await begin("second", "ada");
  });
});
