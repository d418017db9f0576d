import { expect, test } from "vitest";
import { CACHE_PRESETS, faultOfCacheControl } from "../../../../web/app/options/cache-control.ts";

test("every preset can be sent, and each is another one", () => {
  for (const { value } of CACHE_PRESETS) expect(faultOfCacheControl(value)).toBeNull();
  expect(new Set(CACHE_PRESETS.map(({ value }) => value)).size).toBe(CACHE_PRESETS.length);
});

test.each(["max-age=1\r\nx-amz-acl: public-read", "no–cache", " no-cache", "x".repeat(1025)])(
  "%j cannot be sent",
  (text) => {
    expect(faultOfCacheControl(text)).toMatch(/^It .*\.$/);
  },
);
