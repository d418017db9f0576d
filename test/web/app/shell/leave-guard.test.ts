import { expect, test } from "vitest";
import { isLossToLeave } from "../../../../web/app/shell/leave-guard.ts";
import type { UploadState } from "../../../../web/transfer/index.ts";
import { scriptedTotals, scriptedView } from "../scripted-uploader.ts";

const STATES: Readonly<Record<UploadState["kind"], UploadState>> = {
  queued: { kind: "queued" },
  opening: { kind: "opening" },
  uploading: { kind: "uploading" },
  waiting: { kind: "waiting", reason: "backoff", retryAt: null },
  paused: { kind: "paused" },
  completing: { kind: "completing" },
  done: { kind: "done", receipt: { key: "a", sizeBytes: 1, etag: "e" } },
  failed: { kind: "failed", problem: { code: "internal", detail: "" } },
  cancelled: { kind: "cancelled" },
};

const totalsOf = (...kinds: UploadState["kind"][]) =>
  scriptedTotals(kinds.map((kind) => scriptedView({ id: kind, state: STATES[kind] })));

test.each(["queued", "opening", "uploading", "waiting", "completing"] as const)(
  "asks while one is %s, whatever the others are",
  (kind) => {
    expect(isLossToLeave(totalsOf("done", "paused", kind))).toBe(true);
  },
);

test("asks nothing where nothing is under way", () => {
  expect(isLossToLeave(totalsOf())).toBe(false);
  expect(isLossToLeave(totalsOf("paused", "done", "failed", "cancelled"))).toBe(false);
});
