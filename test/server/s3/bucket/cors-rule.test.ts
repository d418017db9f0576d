import { describe, expect, it } from "vitest";
import type { CorsRule } from "../../../../shared/admin-api.ts";
import {
  isSameRule,
  lacksOf,
  proposeRule,
  readCorsRule,
  ruleContent,
} from "../../../../server/s3/bucket/cors-rule.ts";
import { parseXml } from "../../../../server/s3/bucket/xml-elements.ts";

const SITE = "https://app.example";

const good = proposeRule([SITE], true);
const rule = (changes: Partial<CorsRule>): CorsRule => ({ ...good, ours: false, ...changes });

describe("proposeRule", () => {
  it("asks for what is needed and no more", () => {
    expect(good).toEqual({
      id: "sluice-app",
      allowedOrigins: [SITE],
      allowedMethods: ["PUT", "POST", "GET", "HEAD"],
      allowedHeaders: [
        "cache-control",
        "content-encoding",
        "content-type",
        "if-none-match",
        "range",
        "if-match",
        "x-amz-*",
      ],
      exposeHeaders: [
        "ETag",
        "Retry-After",
        "x-amz-checksum-crc64nvme",
        "x-amz-checksum-crc32c",
        "x-amz-checksum-crc32",
        "x-amz-checksum-sha256",
        "x-amz-checksum-sha1",
        "Content-Range",
      ],
      maxAgeSeconds: 7200,
      ours: true,
    });
    expect(proposeRule([SITE], false).allowedHeaders).toEqual(["*"]);
  });

  it("leaves nothing lacking", () => {
    expect(lacksOf([good], SITE)).toEqual([]);
    expect(lacksOf([proposeRule(["https://*.example"], false)], SITE)).toEqual([]);
  });

  it("is the same after it was written and read", () => {
    const odd = { ...good, allowedOrigins: ["https://a&b<c>"] };
    expect(readCorsRule(parseXml(`<CORSRule>${ruleContent(odd)}</CORSRule>`))).toEqual(odd);
    expect(isSameRule({ ...odd, id: "else" }, odd)).toBe(true);
    // Ceph RGW sorts what a rule lists.
    const exposeHeaders = good.exposeHeaders.toReversed();
    expect(isSameRule({ ...good, exposeHeaders }, good)).toBe(true);
    expect(isSameRule(odd, good)).toBe(false);
  });
});

describe("lacksOf", () => {
  it("says that no rule lets a site in", () => {
    const none = ["No rule lets this site in."];
    expect(lacksOf([], SITE)).toEqual(none);
    expect(lacksOf([rule({ allowedOrigins: ["https://app.example:8443"] })], SITE)).toEqual(none);
    expect(lacksOf([rule({ allowedOrigins: ["http://*"] })], SITE)).toEqual(none);
  });

  it("names methods, headers and what is hidden", () => {
    const lacking = rule({
      allowedMethods: ["PUT", "GET", "HEAD"],
      allowedHeaders: ["Content-Type", "x-amz-meta-*", "range", "if-match"],
      exposeHeaders: ["etag", "content-range"],
    });
    expect(lacksOf([lacking], SITE)).toEqual([
      "PUT may not send cache-control, content-encoding, if-none-match, x-amz-checksum-crc64nvme, " +
        "x-amz-sdk-checksum-algorithm, x-amz-storage-class, x-amz-tagging.",
      "Answers to PUT hide Retry-After, x-amz-checksum-crc64nvme, x-amz-checksum-crc32c, " +
        "x-amz-checksum-crc32, x-amz-checksum-sha256, x-amz-checksum-sha1.",
      "POST is not allowed.",
    ]);
  });

  it("takes headers whatever their case, and origins and methods as they stand", () => {
    expect(lacksOf([rule({ allowedHeaders: ["X-AMZ-*", "*-Type", "*"] })], SITE)).toEqual([]);
    expect(lacksOf([rule({ allowedOrigins: ["HTTPS://app.example"] })], SITE)).toHaveLength(1);
    expect(lacksOf([rule({ allowedMethods: ["put"] })], SITE)).toHaveLength(4);
  });

  it("needs one rule for all headers of a request: S3 adds no rules up", () => {
    const [one, two] = [
      rule({ allowedHeaders: ["x-amz-*", "range", "if-match"] }),
      rule({ allowedHeaders: ["c*", "if-none-match"] }),
    ];
    expect(lacksOf([one, two], SITE)).toEqual([
      "PUT may not send cache-control, content-encoding, content-type, if-none-match.",
    ]);
  });

  it("asks the first rule for the site what an answer shows, whichever let the preflight pass", () => {
    const shy = rule({ allowedHeaders: [], exposeHeaders: [], allowedMethods: ["GET"] });
    expect(lacksOf([shy, good], SITE)).toEqual(["Answers to GET hide ETag, Content-Range."]);
    expect(lacksOf([good, shy], SITE)).toEqual([]);
  });

  it("is done soon with rules that are made to take long", () => {
    const many = rule({
      allowedHeaders: Array.from({ length: 5000 }, () => `${"a".repeat(200)}*b`),
    });
    const start = performance.now();
    expect(
      lacksOf(
        Array.from({ length: 20 }, () => many),
        SITE,
      ),
    ).not.toEqual([]);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
