import { describe, expect, test } from "vitest";
import {
  parseAccelerate,
  parseCreateBucket,
} from "../../../../server/store/http/xml/bucket-configuration.ts";
import { parseCompleteMultipartUpload } from "../../../../server/store/http/xml/complete-multipart-upload.ts";
import {
  parseCorsConfiguration,
  writeCorsConfiguration,
} from "../../../../server/store/http/xml/cors-configuration.ts";
import { parseDeleteObjects } from "../../../../server/store/http/xml/delete-objects.ts";
import {
  parseLifecycleConfiguration,
  writeLifecycleConfiguration,
} from "../../../../server/store/http/xml/lifecycle-configuration.ts";
import {
  parseTagging,
  parseTaggingHeader,
  writeTagging,
} from "../../../../server/store/http/xml/tagging.ts";

const malformed = expect.objectContaining({ code: "MalformedXML" });
const rule = (content: string): string =>
  `<LifecycleConfiguration><Rule><Status>Enabled</Status>${content}</Rule></LifecycleConfiguration>`;

describe("lifecycle rules", () => {
  test.each([
    ["an empty filter", "<Filter/>"],
    ["a filter with an empty prefix", "<Filter><Prefix></Prefix></Filter>"],
    ["a legacy prefix", "<Prefix>a/</Prefix>"],
    ["a legacy prefix that is empty", "<Prefix/>"],
    ["one tag", "<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>"],
    [
      "several conditions",
      "<Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>" +
        "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter>",
    ],
    ["days", "<Filter/><Expiration><Days>3</Days></Expiration>"],
    ["a date", "<Filter/><Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>"],
    [
      "what the store keeps and does not do",
      "<Filter/><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>" +
        "<NoncurrentVersionTransition><NoncurrentDays>2</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>" +
        "<NoncurrentVersionExpiration><NoncurrentDays>5</NoncurrentDays></NoncurrentVersionExpiration>" +
        "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
    ],
    [
      "incomplete uploads",
      "<ID>abort</ID><Filter/><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
    ],
  ])("with %s come back as they were given", (_, content) => {
    const rules = parseLifecycleConfiguration(rule(content));
    const written = writeLifecycleConfiguration(rules);
    expect(parseLifecycleConfiguration(written)).toEqual(rules);
    for (const element of content.match(/<\w+/g) ?? []) expect(written).toContain(element);
  });

  test.each([
    ["no rule", "<LifecycleConfiguration/>"],
    ["no scope", rule("")],
    ["an action that would not come back", rule("<Filter/><Evaporation/>")],
    ["a condition that would not come back", rule("<Filter><Colour>red</Colour></Filter>")],
    ["two scopes", rule("<Prefix/><Filter/>")],
    [
      "two conditions without And",
      rule("<Filter><Prefix/><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>"),
    ],
    ["days that are no number", rule("<Filter/><Expiration><Days>x</Days></Expiration>")],
    ["another status", rule("<Filter/>").replace("Enabled", "On")],
  ])("with %s are malformed", (_, xml) => {
    expect(() => parseLifecycleConfiguration(xml)).toThrow(malformed);
  });
});

describe("CORS rules", () => {
  const cors = (content: string): string =>
    `<CORSConfiguration><CORSRule>${content}</CORSRule></CORSConfiguration>`;
  const least = "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>";

  test("come back as they were given", () => {
    const rules = parseCorsConfiguration(
      cors(
        `<ID>a</ID>${least}<AllowedHeader>x-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>0</MaxAgeSeconds>`,
      ),
    );
    expect(rules[0]).toMatchObject({ id: "a", exposeHeaders: ["ETag"], maxAgeSeconds: 0 });
    expect(parseCorsConfiguration(writeCorsConfiguration(rules))).toEqual(rules);
  });

  test("need an origin and a method that S3 knows, and one wildcard at most", () => {
    const invalid = expect.objectContaining({ code: "InvalidRequest" });
    expect(() => parseCorsConfiguration(cors("<AllowedOrigin>*</AllowedOrigin>"))).toThrow(
      malformed,
    );
    expect(() => parseCorsConfiguration(cors(least.replace("GET", "PATCH")))).toThrow(invalid);
    expect(() => parseCorsConfiguration(cors(least.replace("*", "*.*")))).toThrow(invalid);
    expect(() => parseCorsConfiguration(cors(`${least}<ExposeHeader>*</ExposeHeader>`))).toThrow(
      invalid,
    );
  });
});

describe("tags", () => {
  test("come back as they were given, from XML and from a header", () => {
    const tags = { "a&b": "c d", empty: "" };
    expect(parseTagging(writeTagging(tags))).toEqual(tags);
    expect(parseTaggingHeader("a%26b=c+d&empty=")).toEqual(tags);
  });

  test("that stand twice are InvalidTag", () => {
    const invalid = expect.objectContaining({ code: "InvalidTag" });
    expect(() => parseTaggingHeader("a=1&a=2")).toThrow(invalid);
    expect(() => parseTaggingHeader("a=%ZZ")).toThrow(
      expect.objectContaining({ code: "InvalidArgument" }),
    );
  });
});

test("a part list names numbers, ETags with or without quotes, and checksums", () => {
  const parts = parseCompleteMultipartUpload(
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>" +
      "<Part><ETag>b</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32><PartNumber>2</PartNumber></Part></CompleteMultipartUpload>",
  );
  expect(parts).toEqual([
    { partNumber: 1, etag: "a" },
    { partNumber: 2, etag: "b", checksum: { algorithm: "CRC32", value: "AAAAAA==" } },
  ]);
  for (const xml of [
    "<CompleteMultipartUpload/>",
    "<CompleteMultipartUpload><Part/></CompleteMultipartUpload>",
  ]) {
    expect(() => parseCompleteMultipartUpload(xml)).toThrow(malformed);
  }
});

test("a deletion names 1 to 1,000 keys", () => {
  const deletion = (count: number): string =>
    `<Delete><Quiet>true</Quiet>${"<Object><Key>k</Key></Object>".repeat(count)}</Delete>`;
  expect(parseDeleteObjects(deletion(1000))).toMatchObject({ isQuiet: true });
  expect(() => parseDeleteObjects(deletion(1001))).toThrow(malformed);
  expect(() => parseDeleteObjects(deletion(0))).toThrow(malformed);
});

test("a bucket may name its location, acceleration is Enabled or Suspended", () => {
  expect(parseCreateBucket("")).toBeUndefined();
  expect(
    parseCreateBucket(
      "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
    ),
  ).toBe("eu-west-1");
  const accelerate = (status: string): string =>
    `<AccelerateConfiguration><Status>${status}</Status></AccelerateConfiguration>`;
  expect(parseAccelerate(accelerate("Suspended"))).toEqual({ status: "Suspended" });
  expect(() => parseAccelerate(accelerate("On"))).toThrow(malformed);
});
