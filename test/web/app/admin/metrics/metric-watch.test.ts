import { describe, expect, it } from "vitest";
import type { MetricsResponse } from "../../../../../shared/admin-api.ts";
import { BackendError } from "../../../../../web/app/backend.ts";
import {
  METRIC_CHARTS,
  formatSeconds,
} from "../../../../../web/app/admin/metrics/metric-charts.ts";
import { drawMetric } from "../../../../../web/app/admin/metrics/metric-drawing.ts";
import { createMetricWatch } from "../../../../../web/app/admin/metrics/metric-watch.svelte.ts";

const START_MS = Date.UTC(2026, 10, 28);

function answerAt(seconds: number, requests: number, startedAtSeconds = 0): MetricsResponse {
  return {
    startedAt: new Date(START_MS + startedAtSeconds * 1000).toISOString(),
    at: new Date(START_MS + seconds * 1000).toISOString(),
    samples: [{ name: "sluice_http_requests_total", labels: { route: "/a" }, value: requests }],
  };
}

/** A server whose answers a test gives, and timers that it lets run. */
function scene(answer: (look: number) => MetricsResponse | BackendError) {
  const delays: number[] = [];
  let looks = 0;
  let due: (() => void) | null = null;
  const watch = createMetricWatch({
    async load() {
      const answered = answer(looks);
      looks += 1;
      if (answered instanceof BackendError) throw answered;
      return answered;
    },
    random: () => 0.999,
    later(run, delayMs) {
      delays.push(delayMs);
      due = run;
      return () => (due = null);
    },
  });
  const tick = async () => {
    due?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const start = async () => {
    watch.start();
    await tick();
  };
  return { watch, delays, tick, start, looks: () => looks, isWaiting: () => due !== null };
}

const DOWN = new BackendError("server-unreachable", "No answer");
const [requests] = METRIC_CHARTS;
if (requests === undefined) throw new Error("No charts");

describe("a watch on the server's counts", () => {
  it("looks every two seconds and makes a reading of two looks", async () => {
    const { watch, delays, start, tick } = scene((look) => answerAt(10 + look * 2, look * 6));
    await start();
    expect(watch.readings).toEqual([]);
    await tick();
    await tick();
    expect(watch.readings.map(({ perSecond }) => perSecond.requests)).toEqual([3, 3]);
    expect(delays.every((delayMs) => delayMs === 2000)).toBe(true);
    expect(watch.startedAtMs).toBe(START_MS);
  });

  it("keeps five minutes and no more", async () => {
    const { watch, start, tick } = scene((look) => answerAt(look * 2, look));
    await start();
    for (let look = 0; look < 400; look += 1) await tick();
    expect(watch.readings.length).toBe(151);
  });

  it("waits longer and longer for a server that does not answer, then goes on", async () => {
    const { watch, delays, start, tick } = scene((look) =>
      look >= 1 && look <= 5 ? DOWN : answerAt(look * 2, look),
    );
    await start();
    for (let look = 0; look < 5; look += 1) await tick();
    expect(watch.problem).toBe(DOWN);
    const waits = delays.slice(-5);
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits.at(-1)).toBeGreaterThan(30_000);
    await tick();
    expect(watch.problem).toBeNull();
    expect(delays.at(-1)).toBe(2000);
    expect(watch.readings).toHaveLength(1);
  });

  it("asks nothing while it is stopped, and keeps what it has", async () => {
    const { watch, start, tick, looks, isWaiting } = scene((look) => answerAt(look * 2, look));
    await start();
    await tick();
    watch.stop();
    expect(isWaiting()).toBe(false);
    const before = looks();
    await tick();
    expect(looks()).toBe(before);
    expect(watch.readings.length).toBeGreaterThan(0);
    await start();
    expect(looks()).toBeGreaterThan(before);
  });

  it("does not take an answer that comes after it was stopped", async () => {
    const { watch, tick } = scene(() => answerAt(2, 1));
    watch.start();
    watch.stop();
    await tick();
    expect(watch.startedAtMs).toBeNull();
  });

  it("breaks the line where the server was started anew", async () => {
    const { watch, start, tick } = scene((look) =>
      look < 3 ? answerAt(look * 2, 100 + look) : answerAt(look * 2, look, 5),
    );
    await start();
    for (let look = 0; look < 4; look += 1) await tick();
    const [line] = drawMetric(requests, watch.readings).lines;
    expect(line?.pieces.map(({ length }) => length)).toEqual([2, 2]);
  });
});

describe("a drawing", () => {
  it("says that there is nothing yet", () => {
    const { lines, text } = drawMetric(requests, []);
    expect(lines).toEqual([{ name: "Requests", current: "–", pieces: [] }]);
    expect(text).toContain("Requests: nothing yet");
  });

  it("has the newest at the right, the greatest at the top, and both in words", async () => {
    const { watch, start, tick } = scene((look) => answerAt(look * 2, look * look * 2));
    await start();
    for (let look = 0; look < 3; look += 1) await tick();
    const { lines, top, text } = drawMetric(requests, watch.readings);
    expect(lines[0]?.pieces[0]?.at(-1)).toEqual({ x: 1, y: 0 });
    expect(top).toBe(lines[0]?.current);
    expect(text).toContain(`${top} now, at most ${top}`);
  });

  it.each([
    [0, "0 ms"],
    [0.00025, "250 µs"],
    [0.012, "12 ms"],
    [1.5, "1.5 s"],
  ])("writes %d seconds as %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});
