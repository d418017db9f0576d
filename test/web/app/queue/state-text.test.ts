import { describe, expect, test } from "vitest";
import {
  describeParts,
  describeResume,
  describeSize,
  describeState,
  describeWait,
  STATE_LABELS,
} from "../../../../web/app/queue/state-text.ts";
import type { UploadState } from "../../../../web/transfer/index.ts";
import { scriptedView } from "../scripted-uploader.ts";

const NOW = 1_000_000;

function wait(changed: Partial<Extract<UploadState, { kind: "waiting" }>>) {
  return { kind: "waiting", reason: "backoff", retryAt: NOW + 8000, ...changed } as const;
}

describe("describeWait", () => {
  test("counts down to the next try", () => {
    expect(describeWait(wait({}), NOW)).toBe("The storage does not answer. Next try in 8 s.");
    expect(describeWait(wait({}), NOW + 7200)).toBe(
      "The storage does not answer. Next try in 1 s.",
    );
  });

  test("never counts below a second, nor where only an event ends the wait", () => {
    expect(describeWait(wait({}), NOW + 60_000)).toContain("Next try in 1 s.");
    expect(describeWait(wait({ retryAt: null }), NOW)).toContain("Goes on by itself.");
  });

  test("names the side that is silent", () => {
    const problem = { code: "server-unreachable", detail: "" };
    expect(describeWait(wait({ problem }), NOW)).toMatch(/^The server does not answer\./);
  });

  test("tells offline and throttled apart", () => {
    expect(describeWait(wait({ reason: "offline", retryAt: null }), NOW)).toBe(
      "You are offline. Goes on by itself.",
    );
    expect(describeWait(wait({ reason: "throttled" }), NOW)).toMatch(/asks to slow down/);
  });
});

describe("describeState", () => {
  test("gives speed and time left while it uploads", () => {
    const view = scriptedView({
      id: "a",
      state: { kind: "uploading" },
      bytesPerSecond: 84_200_000,
      secondsLeft: 130,
    });
    expect(describeState(view, NOW)).toBe("Uploading · 84.2 MB/s · 2 min 10 s left");
  });

  test("leaves out what is not known yet", () => {
    const view = scriptedView({ id: "a", state: { kind: "uploading" } });
    expect(describeState(view, NOW)).toBe("Uploading");
  });

  test("says what went wrong instead of “failed”", () => {
    const problem = { code: "file-changed", detail: "" };
    const view = scriptedView({ id: "a", state: { kind: "failed", problem } });
    expect(describeState(view, NOW)).toBe("The file changed while it was uploading.");
  });

  test.each(["queued", "opening", "paused", "completing", "cancelled"] as const)(
    "has words for %s",
    (kind) => {
      expect(describeState(scriptedView({ id: "a", state: { kind } }), NOW)).toBe(
        STATE_LABELS[kind],
      );
    },
  );
});

describe("describeSize", () => {
  const view = scriptedView({ id: "a", sizeBytes: 2000, state: { kind: "uploading" } });

  test("sets what was sent beside the whole", () => {
    expect(describeSize({ ...view, sentBytes: 500 })).toBe("500 bytes of 2.0 kB");
    expect(describeSize(view)).toBe("2.0 kB");
  });

  test("promises no whole where none is known", () => {
    const stream = { ...view, isSizeKnown: false, sentBytes: 1_200_000_000 };
    expect(describeSize(stream)).toBe("1.2 GB so far");
  });

  test("gives the size alone once it is over", () => {
    const problem = { code: "internal", detail: "" };
    const failed = { ...view, sentBytes: 500, state: { kind: "failed", problem } } as const;
    expect(describeSize(failed)).toBe("2.0 kB");
  });
});

test("describeParts counts what the storage holds", () => {
  expect(describeParts(scriptedView({ id: "a", parts: [3, 3, 1, 0] }))).toBe("2 of 4 parts there");
  expect(describeParts(scriptedView({ id: "a" }))).toBe("");
});

test("describeResume says where an earlier visit's upload went on", () => {
  const view = scriptedView({ id: "a", sizeBytes: 1000, resumedBytes: 639 });
  expect(describeResume(view)).toBe("went on at 63 %");
  expect(describeResume({ ...view, resumedBytes: 0 })).toBe("");
});
