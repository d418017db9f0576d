import { describe, expect, test } from "vitest";
import { applyPostPolicy, parsePostPolicy } from "../../../server/store/http/post-policy.ts";
import { deriveSigningKey, sign } from "../../../server/store/http/sigv4/signature.ts";
import { EXAMPLE_SECRET } from "./sigv4/examples.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const policyOf = (conditions: unknown, expiration: unknown = "2026-11-20T13:00:00.000Z"): string =>
  Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");

const apply = (conditions: unknown[], fields: Record<string, string>, now = NOW) =>
  applyPostPolicy(parsePostPolicy(policyOf(conditions)), new Map(Object.entries(fields)), now);

const denied = (text: string) =>
  expect.objectContaining({ code: "AccessDenied", message: expect.stringContaining(text) });

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
const EXAMPLE_POLICY =
  "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
const EXAMPLE_FIELDS = {
  key: "user/user1/photo.jpg",
  bucket: "sigv4examplebucket",
  acl: "public-read",
  success_action_redirect: "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html",
  "content-type": "image/jpeg",
  "x-amz-meta-uuid": "14365123651274",
  "x-amz-meta-tag": "",
  "x-amz-server-side-encryption": "AES256",
  "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
  "x-amz-algorithm": "AWS4-HMAC-SHA256",
  "x-amz-date": "20151229T000000Z",
};

describe("AWS's published example", () => {
  test("has the published signature", () => {
    const key = deriveSigningKey(EXAMPLE_SECRET, { day: "20151229", region: "us-east-1" });
    expect(sign(key, EXAMPLE_POLICY)).toBe(
      "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
    );
  });

  test("allows its form, until it expires", () => {
    const policy = parsePostPolicy(EXAMPLE_POLICY);
    const fields = new Map(Object.entries(EXAMPLE_FIELDS));
    const end = Date.parse("2015-12-30T12:00:00Z");
    expect(() => applyPostPolicy(policy, fields, end - 1)).not.toThrow();
    expect(() => applyPostPolicy(policy, fields, end)).toThrow(denied("Policy expired"));
  });

  test("allows no other key, type or field", () => {
    const policy = parsePostPolicy(EXAMPLE_POLICY);
    const now = Date.parse("2015-12-29T12:00:00Z");
    const changed = (changes: Record<string, string>) => () =>
      applyPostPolicy(policy, new Map(Object.entries({ ...EXAMPLE_FIELDS, ...changes })), now);
    expect(changed({ key: "user/user2/photo.jpg" })).toThrow(denied("$key"));
    expect(changed({ "content-type": "text/html" })).toThrow(denied("$content-type"));
    expect(changed({ "content-type": "image/png,text/html" })).toThrow(denied("$content-type"));
    expect(changed({ "x-amz-meta-more": "1" })).toThrow(denied("x-amz-meta-more"));
    expect(changed({ bucket: "other" })).toThrow(denied("$bucket"));
  });
});

test("conditions compare by eq and starts-with, names in any case", () => {
  const conditions = [
    ["eq", "$Key", "a"],
    ["starts-with", "$X-Amz-Meta-A", "b"],
  ];
  expect(() => apply(conditions, { key: "a", "x-amz-meta-a": "bc" })).not.toThrow();
  expect(() => apply(conditions, { key: "ab", "x-amz-meta-a": "bc" })).toThrow(denied("eq"));
  expect(() => apply(conditions, { key: "a" })).toThrow(denied("starts-with"));
});

test("the file, the policy, its signature and x-ignore-* need not be named", () => {
  const fields = { policy: "", "x-amz-signature": "", file: "", "x-ignore-a": "", bucket: "b" };
  expect(() => apply([], fields)).not.toThrow();
});

test("the narrowest content-length-range counts", () => {
  const ranges = [
    ["content-length-range", 1, 100],
    ["content-length-range", 10, 200],
  ];
  expect(apply(ranges, {})).toEqual({ min: 10, max: 100 });
  expect(apply([], {}).min).toBe(0);
});

test.each([
  ["no base64", "%%%"],
  ["no JSON", Buffer.from("{").toString("base64")],
  ["no expiration", policyOf([], 5)],
  ["no date", policyOf([], "soon")],
  ["no conditions", policyOf({})],
  ["another operator", policyOf([["contains", "$key", "a"]])],
  ["a field without $", policyOf([["eq", "key", "a"]])],
  ["a range that is none", policyOf([["content-length-range", -1, 5]])],
])("a policy with %s is invalid", (_, text) => {
  expect(() => parsePostPolicy(text)).toThrow(
    expect.objectContaining({ code: "InvalidPolicyDocument" }),
  );
});
