import { expect, test } from "vitest";
import { drawFault, isTransfer, seededRandom, slowDownAnswer } from "./shaper-fault.ts";
import type { RequestHead } from "./shaper-request.ts";

const head = (method: string, headers: Record<string, string> = {}): RequestHead => ({
  method,
  target: "/bucket/key",
  headers: new Map(Object.entries(headers)),
  bodySizeBytes: method === "OPTIONS" ? 0 : 1000,
});
const FORM = { "content-type": "multipart/form-data; boundary=x" };
const ALWAYS = { reset: 1, slowDown: 0, stall: 0, lostAnswer: 0 };
const RATES = { reset: 0.1, slowDown: 0.2, stall: 0.05, lostAnswer: 0.15 };

test("the same seed gives the same numbers, another seed others, all below 1", () => {
  const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

test("each fault comes as often as it was asked for, within the body", () => {
  const random = seededRandom(3);
  const counts: Record<string, number> = {};
  for (let draw = 0; draw < 20_000; draw++) {
    const fault = drawFault(head("PUT"), RATES, random);
    counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    if ("afterBytes" in fault) {
      expect(fault.afterBytes).toBeGreaterThanOrEqual(0);
      expect(fault.afterBytes).toBeLessThan(1000);
    }
  }
  for (const [kind, rate] of Object.entries({ ...RATES, none: 0.5 })) {
    expect((counts[kind] ?? 0) / 20_000).toBeCloseTo(rate, 1);
  }
});

test("only requests that carry a file meet faults", () => {
  const heads = [head("PUT"), head("POST", FORM), head("OPTIONS"), head("POST"), head("GET")];
  expect(heads.map((each) => isTransfer(each))).toEqual([true, true, false, false, false]);
  const kinds = heads.map((each) => drawFault(each, ALWAYS, seededRandom(1)).kind);
  expect(kinds).toEqual(["reset", "reset", "none", "none", "none"]);
});

test("SlowDown is S3's document, readable by the page that asked", () => {
  const text = slowDownAnswer(head("PUT", { origin: "http://page:1" })).toString();
  const [top = "", body = ""] = text.split("\r\n\r\n");
  expect(top).toMatch(/^HTTP\/1\.1 503 /);
  expect(top).toContain("Access-Control-Allow-Origin: http://page:1");
  expect(top).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(body).toContain("<Code>SlowDown</Code>");
});
