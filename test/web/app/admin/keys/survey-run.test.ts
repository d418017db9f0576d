import { describe, expect, it } from "vitest";
import type { Fetch } from "../../../../../web/app/backend.ts";
import {
  capacityOf,
  capacityText,
  formatRate,
  formatShare,
} from "../../../../../web/app/admin/keys/key-text.ts";
import { createSurveyRun } from "../../../../../web/app/admin/keys/survey-run.svelte.ts";

const LINE = {
  type: "survey",
  keysSeen: 1,
  bytes: 5,
  done: false,
  isPartial: false,
  lastKey: "a",
  tree: [{ parent: -1, label: "a", count: 1, bytes: 5 }],
  modified: { widthMs: 1, bars: [] },
  sampledKeys: 1,
  strategies: [],
};

const answer = (...lines: readonly object[]) =>
  new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

/** A run on a server that answers as it is told. */
function scene(send: Fetch) {
  const asked: string[] = [];
  const run = createSurveyRun((path, init) => {
    asked.push(path);
    return send(path, init);
  });
  return { run, asked };
}

describe("a survey", () => {
  it("ends with its last line", async () => {
    const { run, asked } = scene(async () => answer(LINE, { ...LINE, keysSeen: 2, done: true }));
    expect(run.state.kind).toBe("idle");
    await run.begin("");
    expect([run.state.kind, run.survey?.keysSeen]).toEqual(["done", 2]);
    expect(asked).toEqual(["/api/admin/bucket/keys"]);
  });

  it("asks for a prefix as it is", async () => {
    const { run, asked } = scene(async () => answer({ ...LINE, done: true }));
    await run.begin("ä & b/");
    expect(new URL(asked[0] ?? "", "http://x").searchParams.get("prefix")).toBe("ä & b/");
    expect(run.prefix).toBe("ä & b/");
  });

  it.each([
    [
      "a fault on the way",
      () => answer(LINE, { type: "error", code: "storage-busy", detail: "Slow" }),
      "storage-busy",
    ],
    ["an answer that breaks off", () => answer(LINE), "server-unreachable"],
    ["a line that is none", () => answer({ type: "nonsense" }), "bad-answer"],
    [
      "a refusal",
      () =>
        Response.json(
          {
            type: "/docs#forbidden",
            title: "x",
            status: 403,
            code: "forbidden",
            detail: "No",
            requestId: "r",
          },
          { status: 403 },
        ),
      "forbidden",
    ],
    ["a proxy's page", () => new Response("<html>", { status: 502 }), "server-unreachable"],
  ])("fails by %s", async (_, respond, code) => {
    const { run } = scene(async () => respond());
    await run.begin("");
    expect(run.state).toMatchObject({ kind: "failed", problem: { code } });
  });

  it("fails where nobody answers", async () => {
    const { run } = scene(() => Promise.reject(new TypeError("Failed to fetch")));
    await run.begin("");
    expect(run.state).toMatchObject({ kind: "failed", problem: { code: "server-unreachable" } });
  });

  it("stops at once, and what comes later changes nothing", async () => {
    let respond: (response: Response) => void = () => undefined;
    let signal: AbortSignal | null | undefined;
    const { run } = scene((_, init) => {
      signal = init.signal;
      return new Promise((resolve) => (respond = resolve));
    });
    const begun = run.begin("");
    run.stop();
    expect([run.state.kind, signal?.aborted]).toEqual(["stopped", true]);
    respond(answer({ ...LINE, done: true }));
    await begun;
    expect([run.state.kind, run.survey]).toEqual(["stopped", null]);
  });

  it("is the newest one where two were begun", async () => {
    const responses: ((response: Response) => void)[] = [];
    const { run } = scene(() => new Promise((resolve) => responses.push(resolve)));
    const first = run.begin("old");
    const second = run.begin("new");
    responses[1]?.(answer({ ...LINE, keysSeen: 7, done: true }));
    await second;
    responses[0]?.(answer({ ...LINE, keysSeen: 1, done: true }));
    await first;
    expect([run.prefix, run.survey?.keysSeen, run.state.kind]).toEqual(["new", 7, "done"]);
  });
});

describe("request capacity", () => {
  const spread = {
    strategy: "plain" as const,
    ranges: [
      { prefix: "a", share: 0.5 },
      { prefix: "b", share: 0.5 },
    ],
    distinctPrefixes: 2,
    hottestShare: 0.5,
    hottestShareOfNewest: 1,
  };

  it("is S3's rate by the share of the fullest range", () => {
    expect(capacityOf(spread)).toEqual({ writes: 3500, reads: 11_000 });
    expect(capacityText(spread)).toContain("about 11,000/s reads and 3,500/s writes");
  });

  it("is one limit where there is nothing to split at", () => {
    const alone = { ...spread, ranges: [{ prefix: "a", share: 1 }], hottestShare: 1 };
    expect(capacityOf(alone)).toEqual({ writes: 3500, reads: 5500 });
    expect(capacityText(alone)).toContain("nothing to split at");
  });

  it("is that of one prefix where there are no keys", () => {
    const none = { ...spread, ranges: [], hottestShare: 0, hottestShareOfNewest: 0 };
    expect(capacityOf(none)).toEqual({ writes: 3500, reads: 5500 });
  });

  it("is written with two digits", () => {
    expect([formatRate(47_213), formatShare(0.3412), formatShare(0.004)]).toEqual([
      "47,000/s",
      "34 %",
      "0.4 %",
    ]);
  });
});
