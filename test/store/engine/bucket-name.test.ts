import { expect, test } from "vitest";
import { isBucketName } from "../../../server/store/engine/bucket-name.ts";

test.each(["abc", "my-bucket.v2", "0".repeat(63), "a.b.c"])("%s is a bucket name", (name) => {
  expect(isBucketName(name)).toBe(true);
});

test.each([
  "ab",
  "0".repeat(64),
  "Upper",
  "a_b",
  "-ab",
  "ab-",
  "a..b",
  "a.-b",
  "192.168.5.4",
  "xn--a",
  "a--ol-s3",
  "..",
  "",
])("%j is none", (name) => {
  expect(isBucketName(name)).toBe(false);
});
