import { describe, expect, test } from "vitest";
import { announce, isOver } from "../../../../web/app/queue/announcement.ts";
import { pageTitle } from "../../../../web/app/queue/page-title.ts";
import type { UploadState, UploadView } from "../../../../web/transfer/index.ts";
import { scriptedTotals, scriptedView } from "../scripted-uploader.ts";

const receipt = { key: "a", sizeBytes: 1000, etag: '"x"' };
const problem = { code: "internal", detail: "" };

function views(...states: UploadState["kind"][]): UploadView[] {
  return states.map((kind, index) => {
    const id = String(index);
    if (kind === "done") return scriptedView({ id, sentBytes: 1000, state: { kind, receipt } });
    if (kind === "failed") return scriptedView({ id, state: { kind, problem } });
    if (kind === "waiting") {
      return scriptedView({ id, state: { kind, reason: "backoff", retryAt: null } });
    }
    return scriptedView({ id, state: { kind } });
  });
}

const tally = (...states: UploadState["kind"][]) => scriptedTotals(views(...states));

describe("announce", () => {
  test("says nothing while only bytes moved", () => {
    expect(announce(tally("uploading"), tally("uploading"), null)).toBe("");
  });

  test("names the file where there is just one", () => {
    expect(announce(tally(), tally("queued"), "plan.pdf")).toBe("plan.pdf added.");
    expect(announce(tally("uploading"), tally("done"), "plan.pdf")).toBe("plan.pdf uploaded.");
  });

  test("bundles what happened to many", () => {
    const before = tally("uploading", "uploading", "uploading", "queued");
    const after = tally("done", "done", "failed", "queued");
    expect(announce(before, after, "x")).toBe("2 files uploaded. 1 file failed.");
  });

  test("says the end once all is over", () => {
    const before = tally("uploading", "failed");
    expect(announce(before, tally("done", "failed"), null)).toBe(
      "1 file uploaded. All over: 1 uploaded, 1 failed.",
    );
  });

  test("says that everything waits, and that it goes on", () => {
    expect(announce(tally("uploading"), tally("waiting"), null)).toMatch(/are waiting/);
    expect(announce(tally("waiting"), tally("uploading"), null)).toBe("Uploads go on.");
  });
});

describe("pageTitle", () => {
  test.each([
    [[], "Upload · Sluice"],
    [["done", "uploading"], "50 % · Sluice"],
    [["done", "failed"], "1 failed · Sluice"],
    [["done", "cancelled"], "Done · Sluice"],
    [["cancelled"], "Upload · Sluice"],
  ] as const)("%j reads %s", (states, title) => {
    expect(pageTitle(tally(...states), "Upload")).toBe(title);
  });
});

test("isOver takes paused uploads for unfinished", () => {
  expect(isOver(tally("done", "paused"))).toBe(false);
  expect(isOver(tally("done", "cancelled", "failed"))).toBe(true);
  expect(isOver(tally())).toBe(false);
});
