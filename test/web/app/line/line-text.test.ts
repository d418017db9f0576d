import { describe, expect, test } from "vitest";
import {
  describeOrigin,
  describeSleep,
  hasLine,
  lineFacts,
  lineSummary,
} from "../../../../web/app/line/line-text.ts";
import type { OriginView } from "../../../../web/transfer/index.ts";
import { scriptedTotals, scriptedView } from "../scripted-uploader.ts";

const uploading = scriptedView({
  id: "u",
  state: { kind: "uploading" },
  sentBytes: 500,
  bytesPerSecond: 84_200_000,
});
const done = scriptedView({
  id: "d",
  state: { kind: "done", receipt: { key: "d", sizeBytes: 1000, etag: '"e"' } },
});
const ORIGIN: OriginView = {
  origin: "https://a.example",
  kind: "direct",
  state: "used",
  bytesPerSecond: 4_900_000,
  connections: 6,
};

describe("lineSummary", () => {
  test("counts the connections, and the origins that have some", () => {
    const origins = [ORIGIN, { ...ORIGIN, origin: "https://b.example" }];
    const idle = { ...ORIGIN, origin: "https://c.example", state: "slow", connections: 0 } as const;
    const line = { connections: 12, origins: [...origins, idle] };
    expect(lineSummary(scriptedTotals([uploading], line))).toBe("12 connections over 2 origins");
  });

  test("names no origins where there is but one", () => {
    const line = { connections: 1, origins: [{ ...ORIGIN, connections: 1 }] };
    expect(lineSummary(scriptedTotals([uploading], line))).toBe("1 connection");
  });

  test("has words for a line that rests and for the end", () => {
    expect(lineSummary(scriptedTotals([uploading], { connections: 0 }))).toMatch(/^No connection/);
    expect(lineSummary(scriptedTotals([done]))).toBe("How it went");
  });
});

describe("hasLine", () => {
  test("is false before anything was sent", () => {
    expect(hasLine(scriptedTotals([scriptedView({ id: "q" })]))).toBe(false);
  });

  test("stays true once there is something to tell", () => {
    expect(hasLine(scriptedTotals([done], { hedgeCount: 1 }))).toBe(true);
    expect(hasLine(scriptedTotals([done], { origins: [ORIGIN] }))).toBe(true);
  });
});

describe("lineFacts", () => {
  test("gives speed, connections and what was sent again", () => {
    const line = { connections: 12, connectionLimit: 14, retryCount: 3, hedgeCount: 2 };
    expect(lineFacts(scriptedTotals([uploading], line))).toEqual([
      { term: "Speed now", text: "84.2 MB/s" },
      { term: "Connections", text: "12 of 14, as many as made it faster" },
      { term: "Requests sent again", text: "3" },
      { term: "Parts sent twice", text: "2, where one connection lagged behind" },
    ]);
  });

  test("leaves out what has ended and what never was", () => {
    expect(lineFacts(scriptedTotals([done]))).toEqual([
      { term: "Requests sent again", text: "none" },
    ]);
  });
});

describe("describeOrigin", () => {
  test("gives state, connections and the speed of one", () => {
    expect(describeOrigin(ORIGIN)).toBe("in use · 6 connections · 4.9 MB/s a connection");
  });

  test.each([
    ["trial", "being measured"],
    ["slow", "slower: left alone"],
    ["failing", "failing: left alone"],
    ["unneeded", "not needed"],
  ] as const)("%s reads %s", (state, words) => {
    const idle = { ...ORIGIN, state, connections: 0, bytesPerSecond: null };
    expect(describeOrigin(idle)).toBe(words);
  });

  test("is no longer in use once no connection is left", () => {
    expect(describeOrigin({ ...ORIGIN, connections: 0, bytesPerSecond: null })).toBe("used");
  });

  test("names the accelerated way", () => {
    expect(describeOrigin({ ...ORIGIN, kind: "accelerated" })).toContain("accelerated");
  });
});

test("describeSleep says how long", () => {
  expect(describeSleep(720_000)).toBe("Went on after 12 min of sleep.");
});
