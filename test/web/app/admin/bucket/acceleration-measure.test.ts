import { describe, expect, test, vi } from "vitest";
import type { ProbeResponse } from "../../../../../shared/admin-api.ts";
import {
  measureAcceleration,
  type Measurement,
} from "../../../../../web/app/admin/bucket/acceleration/acceleration-measure.ts";
import { verdict } from "../../../../../web/app/admin/bucket/acceleration/acceleration-text.ts";

const never = new AbortController().signal;
const at = (origin: string) => ({ origin, putUrl: `${origin}/put`, getUrl: `${origin}/get` });

/** A line on which a PUT takes so long, in milliseconds. */
function rig(
  tookMs: (url: string, turn: number) => number,
  accelerated = [at("https://fast.example")],
) {
  let nowMs = 0;
  const told: Measurement[] = [];
  const asked: string[] = [];
  const removeProbe = vi.fn(async (_key: string) => undefined);
  const openProbe = async (): Promise<ProbeResponse> => ({
    key: "probe",
    origins: [at("https://direct.example")],
    accelerated,
    expiresAt: "2026-11-28T12:00:00Z",
  });
  const send = async (url: string) => {
    nowMs += tookMs(url, asked.length);
    asked.push(new URL(url).hostname);
    return new Response(null, { status: 200 });
  };
  const onProgress = (one: Measurement) => told.push(one);
  const api = { openProbe, removeProbe };
  const ports = { api, send, pageOrigin: "https://app.example", now: () => nowMs, onProgress };
  return { ports, told, asked, removeProbe };
}

describe("measuring acceleration", () => {
  test("takes turns, leaves the first pair out, and tells the median", async () => {
    const { ports, told, asked, removeProbe } = rig((url, turn) => {
      if (turn < 2) return 60_000;
      return url.includes("fast") ? 1000 : 2000;
    });
    const found = await measureAcceleration(ports, never);
    expect(found.ratio).toBe(2);
    expect(asked.slice(0, 4).map((name) => name.split(".")[0])).toEqual([
      "direct",
      "fast",
      "fast",
      "direct",
    ]);
    expect(told.map(({ sent }) => sent)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(told[1]?.ratio).toBeNull();
    expect(verdict(found)).toBe(
      "From here acceleration is 2.0 times as fast (4.2 MB/s against 2.1 MB/s).",
    );
    expect(removeProbe.mock.calls).toEqual([["probe"]]);
  });

  test("says that it makes no difference, or that it is slower", async () => {
    const same = await measureAcceleration(rig(() => 1000).ports, never);
    expect(verdict(same)).toContain("no difference");
    const slow = rig((url) => (url.includes("fast") ? 2000 : 1000));
    expect(verdict(await measureAcceleration(slow.ports, never))).toContain("at 50 % of the speed");
  });

  test("ends, and removes the object, where an origin takes nothing", async () => {
    const { ports, removeProbe } = rig(() => 1);
    const refusing = async () => new Response(null, { status: 403 });
    const measured = measureAcceleration({ ...ports, send: refusing }, never);
    await expect(measured).rejects.toMatchObject({ origin: "https://direct.example" });
    expect(removeProbe).toHaveBeenCalledOnce();
  });

  test("has nothing to measure without an accelerated origin", async () => {
    const { ports } = rig(() => 1, []);
    await expect(measureAcceleration(ports, never)).rejects.toMatchObject({
      code: "storage-unsupported",
    });
  });
});
