import { describe, expect, test } from "vitest";
import { Heartbeat, type Living } from "../../../../web/transfer/liveness/heartbeat.ts";
import { createFakeClock } from "../rig/fake-clock.ts";

/** A heartbeat of uploads that a test changes by name. */
function scene(fails: () => boolean = () => false) {
  const clock = createFakeClock();
  const uploads = new Map<string, Living["sign"]>();
  const sent: string[] = [];
  const living = () => [...uploads].map(([id, sign]) => ({ id, sign }));
  const heartbeat = new Heartbeat(clock, living, async ({ uploads: signs }, isLeaving) => {
    const said = signs.map(({ id, state }) => `${id} ${state}`).join(", ");
    sent.push(isLeaving ? `leaving: ${said}` : said);
    if (fails()) throw new Error("no answer");
  });
  const become = (id: string, sign: Living["sign"]) => {
    uploads.set(id, sign);
    heartbeat.changed({ id, sign });
  };
  return { clock, uploads, sent, heartbeat, become };
}

describe("a heartbeat", () => {
  test("tells of what began, and again every minute", async () => {
    const { clock, sent, become } = scene();
    become("a", "uploading");
    become("b", "uploading");
    await clock.advance(2000);
    expect(sent).toEqual(["a uploading, b uploading"]);
    await clock.advance(120_000);
    expect(sent).toHaveLength(3);
  });

  test("says nothing of what was over at once", async () => {
    const { clock, sent, become } = scene();
    become("a", "uploading");
    await clock.advance(1000);
    become("a", null);
    await clock.advance(600_000);
    expect(sent).toEqual([]);
  });

  test("tells of a pause within seconds, once, and of going on", async () => {
    const { clock, sent, become } = scene();
    become("a", "uploading");
    await clock.advance(2000);
    become("a", "paused");
    await clock.advance(2000);
    await clock.advance(600_000);
    become("a", "uploading");
    await clock.advance(2000);
    expect(sent).toEqual(["a uploading", "a paused", "a uploading"]);
  });

  test("says again what was not heard", async () => {
    let isDown = true;
    const { clock, sent, become } = scene(() => isDown);
    become("a", "paused");
    await clock.advance(2000);
    isDown = false;
    await clock.advance(60_000);
    await clock.advance(600_000);
    expect(sent).toEqual(["a paused", "a paused"]);
  });

  test("speaks of no more than a hundred at once", async () => {
    const { clock, sent, become } = scene();
    for (let at = 0; at < 250; at += 1) become(`u${at}`, "uploading");
    await clock.advance(2000);
    expect(sent.map((said) => said.split(", ").length)).toEqual([100, 100, 50]);
  });

  test("of a page that is left says that all stands still, and takes it back where it returns", async () => {
    const { clock, sent, become, heartbeat } = scene();
    become("a", "uploading");
    become("b", "paused");
    await clock.advance(2000);
    heartbeat.leave();
    expect(sent.at(-1)).toBe("leaving: a paused");
    await clock.advance(60_000);
    expect(sent.at(-1)).toBe("a uploading");
  });

  test("is silent once it is closed", async () => {
    const { clock, sent, become, heartbeat } = scene();
    become("a", "uploading");
    heartbeat.close();
    become("b", "uploading");
    await clock.advance(600_000);
    expect(sent).toEqual([]);
  });
});
