import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHeaders } from "../../../server/store/http/headers.ts";
import {
  percentDecode,
  percentEncode,
  percentEncodePath,
} from "../../../server/store/http/percent-encoding.ts";
import { hoistQuery, parseTarget } from "../../../server/store/http/request.ts";
import { parseQuery } from "../../../server/store/http/query.ts";

test("what was percent-encoded is decoded again, whatever the text", () => {
  assert(
    property(string({ unit: "binary", maxLength: 20 }), (any) => {
      const text = Buffer.from(any).toString();
      expect(percentDecode(percentEncode(text))).toBe(text);
      expect(percentEncode(text)).toMatch(/^([A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
    }),
  );
});

describe("a request target", () => {
  test.each([
    ["/", undefined, undefined],
    ["/bucket", "bucket", undefined],
    ["/bucket/", "bucket", undefined],
    ["/bucket/a/b", "bucket", "a/b"],
    ["/bucket/../a//b/./", "bucket", "../a//b/./"],
    ["/bucket//a", "bucket", "/a"],
    ["/bucket/a%2Fb%20c+d", "bucket", "a/b c+d"],
    ["/bucket/%F0%9F%98%80%00", "bucket", "😀\0"],
    ["http://host:9000/bucket/a?b", "bucket", "a"],
  ])("%s is never normalised", (url, bucket, key) => {
    expect(parseTarget(url)).toMatchObject({ bucket, key });
  });

  test.each(["/b/%", "/b/%zz", "/b/%ff", "/b/%ED%A0%80", "/b?a=%f", "*", "b/a"])(
    "%s is refused",
    (url) => {
      expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: "InvalidURI" }));
    },
  );

  test("may have a key of 1,024 bytes and none of 1,025", () => {
    expect(parseTarget(`/b/${"%C3%A4".repeat(512)}`).key).toHaveLength(512);
    expect(() => parseTarget(`/b/${"a".repeat(1025)}`)).toThrow(
      expect.objectContaining({ code: "KeyTooLongError" }),
    );
  });
});

test("a plus sign in a query is a space, and the first of a name counts", () => {
  const query = parseQuery("prefix=a+b%2Bc&prefix=x&empty=&bare&");
  expect(query.get("prefix")).toBe("a b+c");
  expect(query.pairs).toHaveLength(4);
  expect(query.get("bare")).toBe("");
  expect(query.has("absent")).toBe(false);
});

test("a path keeps its slashes when it is encoded", () => {
  expect(percentEncodePath("/a b/ü")).toBe("/a%20b/%C3%BC");
});

test("header values are UTF-8 where they can be, else latin1; repeated ones are joined", () => {
  const raw = (text: string): string => Buffer.from(text).toString("latin1");
  const headers = parseHeaders(["X-A", raw("ä"), "X-B", "\u00e4", "x-c", "1", "X-C", "2"]);
  expect(Object.fromEntries(headers)).toEqual({ "x-a": "ä", "x-b": "ä", "x-c": "1,2" });
});

test("x-amz-* parameters of a presigned URL count as headers, its signature's do not", () => {
  const query = parseQuery("X-Amz-Date=d&x-amz-meta-a=b&X-Amz-Storage-Class=GLACIER&other=1");
  const headers = hoistQuery(new Map([["x-amz-meta-a", "header"]]), query);
  expect(Object.fromEntries(headers)).toEqual({
    "x-amz-meta-a": "header",
    "x-amz-storage-class": "GLACIER",
  });
});
