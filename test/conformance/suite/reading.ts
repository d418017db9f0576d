import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect } from "vitest";
import { errorFields, verdict } from "../error-document.ts";
import { objectPath, sendPresigned, sendSigned, sendUnsigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const DIGITS = "0123456789";

/** Ranges, conditions and overrides of reads, and conditions of writes. */
export function readingRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  let etag = "";
  let path = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    path = objectPath(Bucket, "digits");
    const command = new PutObjectCommand({
      Bucket,
      Key: "digits",
      Body: DIGITS,
      ContentType: "text/plain",
    });
    etag = (await client.send(command)).ETag ?? "";
  });

  const get = (headers: Record<string, string>, method = "GET") =>
    sendSigned(target, { method, path, headers });

  const ranges: [string, string, string][] = [
    ["the first byte", "bytes=0-0", "0"],
    ["the middle", "bytes=3-5", "345"],
    ["an open end", "bytes=7-", "789"],
    ["a suffix", "bytes=-2", "89"],
    ["a suffix longer than the object", "bytes=-50", DIGITS],
    ["an end beyond the object", "bytes=8-99999999999", "89"],
  ];
  for (const [name, range, bytes] of ranges) {
    rule(`a range of ${name} is 206 with those bytes`, async () => {
      const answer = await get({ range });
      const start = DIGITS.indexOf(bytes);
      expect(answer).toMatchObject({
        status: 206,
        headers: {
          "content-range": `bytes ${start}-${start + bytes.length - 1}/10`,
          "content-length": String(bytes.length),
          etag,
        },
      });
      expect(answer.body.toString()).toBe(bytes);
    });
  }

  for (const range of ["bytes=10-", "bytes=10-20", "bytes=-0"]) {
    rule(`${range} of ten bytes is InvalidRange`, async () => {
      expect(verdict(await get({ range }))).toBe("416 InvalidRange");
    });
  }

  rule("InvalidRange says what was asked and how many bytes there are", async () => {
    const fields = errorFields(await get({ range: "bytes=10-" }));
    expect(fields).toMatchObject({ RangeRequested: "bytes=10-", ActualObjectSize: "10" });
  });

  for (const range of ["bytes=0-1,4-5", "bytes=5-2", "bytes=a-b", "lines=1-2"]) {
    rule(`the range ${range}, which S3 does not serve, is ignored`, async () => {
      const answer = await get({ range });
      expect(answer.status).toBe(200);
      expect(answer.body.toString()).toBe(DIGITS);
    });
  }

  rule("HEAD answers a range with its length and no body", async () => {
    const answer = await get({ range: "bytes=2-4" }, "HEAD");
    expect(answer).toMatchObject({ status: 206, headers: { "content-length": "3" } });
    expect(answer.body).toHaveLength(0);
  });

  const long = "Fri, 01 Jan 2038 00:00:00 GMT";
  const past = "Sat, 01 Jan 2000 00:00:00 GMT";
  const conditions: [string, () => Record<string, string>, string][] = [
    ["If-Match of the ETag", () => ({ "if-match": etag }), "200"],
    ["If-Match of another ETag", () => ({ "if-match": '"0"' }), "412 PreconditionFailed"],
    ["If-Match: *", () => ({ "if-match": "*" }), "200"],
    ["If-None-Match of the ETag", () => ({ "if-none-match": etag }), "304"],
    ["If-None-Match of another ETag", () => ({ "if-none-match": '"0"' }), "200"],
    ["If-Modified-Since in the past", () => ({ "if-modified-since": past }), "200"],
    [
      "If-Unmodified-Since in the past",
      () => ({ "if-unmodified-since": past }),
      "412 PreconditionFailed",
    ],
    ["If-Unmodified-Since in the future", () => ({ "if-unmodified-since": long }), "200"],
    [
      "If-Match that holds, over If-Unmodified-Since that does not",
      () => ({ "if-match": etag, "if-unmodified-since": past }),
      "200",
    ],
    [
      "If-None-Match that matches, over If-Modified-Since that holds",
      () => ({ "if-none-match": etag, "if-modified-since": past }),
      "304",
    ],
  ];
  for (const [name, headers, expected] of conditions) {
    rule(`GET with ${name} is ${expected}`, async () => {
      expect(verdict(await get(headers()))).toBe(expected);
    });
  }

  rule("If-Modified-Since the very Last-Modified is 304 with the ETag and no body", async () => {
    const { headers } = await get({}, "HEAD");
    const answer = await get({ "if-modified-since": headers["last-modified"] ?? "" });
    expect(answer).toMatchObject({ status: 304, headers: { etag } });
    expect(answer.body).toHaveLength(0);
  });

  rule("a range with If-Match of another ETag is 412, not another object's bytes", async () => {
    const command = new GetObjectCommand({
      Bucket,
      Key: "digits",
      Range: "bytes=0-1",
      IfMatch: '"0"',
    });
    expect(await refusalOf(client.send(command))).toBe("412 PreconditionFailed");
  });

  rule("response-* parameters override the headers of a signed answer", async () => {
    const query = {
      "response-content-type": "application/x-other",
      "response-content-disposition": 'attachment; filename="other name.txt"',
      "response-cache-control": "no-store",
      "response-content-language": "tlh",
      "response-content-encoding": "x-none",
      "response-expires": long,
    };
    for (const send of [sendSigned, sendPresigned]) {
      const { headers, status } = await send(target, { method: "GET", path, query });
      expect(status).toBe(200);
      for (const [name, value] of Object.entries(query)) {
        expect(headers[name.replace("response-", "")]).toBe(value);
      }
    }
  });

  rule("response-* parameters without a signature are refused", async () => {
    const answer = await sendUnsigned(target, {
      method: "GET",
      path,
      query: { "response-content-type": "text/html" },
    });
    expect([400, 403]).toContain(answer.status);
  });

  const write = (Key: string, condition: object) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: "written", ...condition }));

  rule("If-None-Match: * writes once and then fails with 412", async () => {
    await write("once", { IfNoneMatch: "*" });
    expect(await refusalOf(write("once", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
  });

  rule("of ten writers with If-None-Match: * one wins", async () => {
    const writers = Array.from({ length: 10 }, () =>
      refusalOf(write("raced", { IfNoneMatch: "*" })),
    );
    const verdicts = await Promise.all(writers);
    expect(verdicts.filter((verdict) => verdict === "accepted")).toHaveLength(1);
    const refused = verdicts.filter((verdict) => verdict !== "accepted");
    for (const verdict of refused) {
      expect(["412 PreconditionFailed", "409 ConditionalRequestConflict"]).toContain(verdict);
    }
  });

  rule("If-Match of the present ETag writes, of a former one fails with 412", async () => {
    const { ETag = "" } = await write("matched", {});
    await client.send(
      new PutObjectCommand({ Bucket, Key: "matched", Body: "second", IfMatch: ETag }),
    );
    expect(await refusalOf(write("matched", { IfMatch: ETag }))).toBe("412 PreconditionFailed");
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: "matched" }));
    expect(ContentLength).toBe("second".length);
  });

  rule("If-Match where there is no object is NoSuchKey", async () => {
    expect(await refusalOf(write("unmatched", { IfMatch: '"0"' }))).toBe("404 NoSuchKey");
  });
}
