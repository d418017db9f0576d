import { describe, expect, it } from "vitest";
import { Origins } from "../../../../web/transfer/line/origins.ts";
import { UNKNOWN_STORAGE } from "../../../../web/transfer/storage-facts.ts";

const MiB = 1024 * 1024;
const A = "https://a.example";
const B = "https://b.example";
const FAST = "https://fast.example";
const urlsOf = (...origins: string[]) => origins.map((origin) => `${origin}/k?part=1`);

const two = () => new Origins({ ...UNKNOWN_STORAGE, origins: [A, B] });
const accelerated = () =>
  new Origins({
    ...UNKNOWN_STORAGE,
    origins: [A],
    acceleratedOrigins: [FAST],
    accelerationUsdPerGb: 0.04,
  });

/** Sends `count` parts of 8 MiB over one origin, each in `elapsedMs`. */
function deliver(origins: Origins, origin: string, count: number, elapsedMs: number, now = 0) {
  for (let part = 0; part < count; part += 1) {
    const url = `${origin}/k`;
    origins.started(url);
    origins.ended(url);
    origins.succeeded(url, 8 * MiB, elapsedMs, now);
  }
}

const stateOf = (origins: Origins, name: string, now = 0) =>
  origins.views(now).find(({ origin }) => origin === name)?.state;

describe("several origins", () => {
  it("share requests evenly, six each", () => {
    const origins = two();
    const chosen = Array.from({ length: 13 }, () => {
      const url = origins.choose(urlsOf(A, B), 0, false);
      if (url !== null) origins.started(url);
      return url === null ? null : new URL(url).origin;
    });
    expect(chosen.filter((origin) => origin === A).length).toBe(6);
    expect(chosen.filter((origin) => origin === B).length).toBe(6);
    expect(chosen.at(-1)).toBeNull();
    expect(origins.capacity(0)).toBe(12);
  });

  it("are asked for by name, a single one is not", () => {
    expect(two().wanted(false)).toEqual([A, B]);
    expect(new Origins({ ...UNKNOWN_STORAGE, origins: [A] }).wanted(true)).toBeUndefined();
    expect(new Origins(UNKNOWN_STORAGE).wanted(true)).toBeUndefined();
  });

  it("are known by their URLs where nobody named them", () => {
    const origins = new Origins(UNKNOWN_STORAGE);
    expect(origins.choose(urlsOf(A), 0, false)).toBe(`${A}/k?part=1`);
    expect(origins.views(0)).toMatchObject([{ origin: A, kind: "direct", state: "used" }]);
  });

  it("drop one that fails again and again while another works, and try it again later", () => {
    const origins = two();
    deliver(origins, A, 1, 1000);
    expect(origins.failed(`${B}/k`, 0)).toBe(true);
    expect(origins.failed(`${B}/k`, 0)).toBe(true);
    expect(stateOf(origins, B)).toBe("failing");
    expect(origins.choose(urlsOf(A, B), 0, false)).toContain(A);
    expect(origins.capacity(0)).toBe(6);
    expect(stateOf(origins, B, 31_000)).toBe("trial");
    expect(origins.capacity(31_000)).toBe(7);
    deliver(origins, B, 1, 1000, 31_000);
    expect(stateOf(origins, B, 31_000)).toBe("used");
  });

  it("never drop the last one: then it is the storage that is unwell", () => {
    const origins = new Origins({ ...UNKNOWN_STORAGE, origins: [A] });
    for (let time = 0; time < 5; time += 1) expect(origins.failed(`${A}/k`, 0)).toBe(false);
    expect(origins.choose(urlsOf(A), 0, false)).not.toBeNull();
  });

  it("blame nobody where all fail at once", () => {
    const origins = two();
    deliver(origins, A, 1, 1000);
    deliver(origins, B, 1, 1000);
    origins.failed(`${A}/k`, 0);
    expect(origins.failed(`${B}/k`, 0)).toBe(false);
  });

  it("leave one alone that is much slower, and only then", () => {
    const origins = two();
    deliver(origins, A, 3, 1000);
    deliver(origins, B, 3, 1500);
    expect(stateOf(origins, B)).toBe("used");
    deliver(origins, B, 6, 5000);
    expect(stateOf(origins, B)).toBe("slow");
    expect(origins.choose(urlsOf(A, B), 0, false)).toContain(A);
  });

  it("all get another chance when a person says now", () => {
    const origins = two();
    deliver(origins, A, 1, 1000);
    origins.failed(`${B}/k`, 0);
    origins.failed(`${B}/k`, 0);
    origins.forgive();
    expect(stateOf(origins, B)).toBe("used");
  });

  it("carry the same part over another connection than the one that lags", () => {
    const origins = two();
    const [carrying] = urlsOf(A);
    expect(origins.choose(urlsOf(A, B), 0, false, carrying)).toContain(B);
    expect(origins.choose(urlsOf(A), 0, false, carrying)).toContain(A);
  });
});

describe("acceleration", () => {
  it("is measured by real parts, both ways, and kept where it is worth its price", () => {
    const origins = accelerated();
    expect(origins.route()).toEqual({
      kind: "measuring",
      speedup: null,
      usdPerGb: 0.04,
      acceleratedBytes: 0,
    });
    expect(origins.wanted(true)).toEqual([A, FAST]);
    deliver(origins, A, 3, 2000);
    deliver(origins, FAST, 3, 1000);
    expect(origins.route()).toMatchObject({ kind: "accelerated", speedup: 2 });
    expect(origins.route()?.acceleratedBytes).toBe(24 * MiB);
    expect(stateOf(origins, A)).toBe("unneeded");
    expect(origins.choose(urlsOf(A, FAST), 0, true)).toContain(FAST);
    expect(origins.wanted(true)).toEqual([FAST]);
  });

  it("is left out where it gains too little", () => {
    const origins = accelerated();
    deliver(origins, A, 3, 1050);
    deliver(origins, FAST, 3, 1000);
    expect(origins.route()).toMatchObject({ kind: "direct", speedup: 1.05 });
    expect(origins.choose(urlsOf(A, FAST), 0, true)).toContain(A);
    expect(origins.wanted(true)).toBeUndefined();
  });

  it("is not paid for small files", () => {
    const origins = accelerated();
    expect(origins.wanted(false)).toBeUndefined();
    expect(origins.choose(urlsOf(FAST, A), 0, false)).toContain(A);
  });

  it("is no question where there is none", () => {
    expect(two().route()).toBeNull();
  });
});
