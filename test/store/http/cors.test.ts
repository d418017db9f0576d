import { describe, expect, test } from "vitest";
import type { CorsRule } from "../../../server/store/engine.ts";
import { corsHeaders, matchCorsRule, preflightHeaders } from "../../../server/store/http/cors.ts";
import { answerPreflight } from "../../../server/store/http/preflight.ts";

const rule = (changes: Partial<CorsRule> = {}): CorsRule => ({
  allowedOrigins: ["https://a.example"],
  allowedMethods: ["PUT"],
  allowedHeaders: [],
  exposeHeaders: [],
  ...changes,
});
const question = { origin: "https://a.example", method: "PUT", headers: [] };

describe("a rule matches", () => {
  test.each<[string, Partial<CorsRule>, Partial<typeof question>, boolean]>([
    ["its origin", {}, {}, true],
    ["no other origin", {}, { origin: "https://b.example" }, false],
    ["no origin that begins with its own", {}, { origin: "https://a.example.org" }, false],
    ["any origin by *", { allowedOrigins: ["*"] }, { origin: "null" }, true],
    ["a wildcard within", { allowedOrigins: ["https://*.example"] }, {}, true],
    ["no overlap of wildcard ends", { allowedOrigins: ["https://a*a.example"] }, {}, false],
    ["no other method", {}, { method: "GET" }, false],
  ])("%s", (_, changes, asked, matches) => {
    expect(matchCorsRule([rule(changes)], { ...question, ...asked }) !== undefined).toBe(matches);
  });

  test("headers whatever their case, and only where all are allowed", () => {
    const allowing = [rule({ allowedHeaders: ["Content-Type", "X-Amz-*"] })];
    const asks = (...headers: string[]) => matchCorsRule(allowing, { ...question, headers });
    expect(asks("content-type", "x-amz-date")).toBeDefined();
    expect(asks("content-type", "x-other")).toBeUndefined();
    expect(matchCorsRule([rule()], { ...question, headers: ["content-type"] })).toBeUndefined();
  });

  test("in the order of the configuration", () => {
    const rules = [rule({ id: "first" }), rule({ id: "second", allowedOrigins: ["*"] })];
    expect(matchCorsRule(rules, question)?.id).toBe("first");
    expect(matchCorsRule(rules, { ...question, origin: "https://x" })?.id).toBe("second");
  });
});

test("an answer names the origin that asked, and any by * without credentials", () => {
  const named = corsHeaders(rule({ exposeHeaders: ["ETag", "x-amz-id-2"] }), question.origin);
  expect(named).toMatchObject({
    "Access-Control-Allow-Origin": "https://a.example",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "ETag, x-amz-id-2",
    Vary: expect.stringContaining("Origin"),
  });
  const any = corsHeaders(rule({ allowedOrigins: ["*"] }), question.origin);
  expect(any["Access-Control-Allow-Origin"]).toBe("*");
  expect(any).not.toHaveProperty("Access-Control-Allow-Credentials");
});

test("a preflight is answered with what it asked and how long that holds", () => {
  const answer = preflightHeaders(rule({ maxAgeSeconds: 600 }), {
    ...question,
    headers: ["range"],
  });
  expect(answer).toMatchObject({
    "Access-Control-Allow-Headers": "range",
    "Access-Control-Max-Age": "600",
  });
});

test("a preflight without a rule is AccessForbidden, without its fields InvalidRequest", () => {
  const headers = new Map([
    ["origin", "https://b.example"],
    ["access-control-request-method", "PUT"],
  ]);
  const forbidden = expect.objectContaining({ code: "AccessForbidden", status: 403 });
  expect(() => answerPreflight(headers, [rule()])).toThrow(forbidden);
  expect(() => answerPreflight(headers, undefined)).toThrow(forbidden);
  expect(() => answerPreflight(new Map(), [rule()])).toThrow(
    expect.objectContaining({ code: "InvalidRequest" }),
  );
});
