import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { multipartEtag } from "../checksum.ts";
import { verdict } from "../error-document.ts";
import { MIN_PART_BYTES, multipartCalls, twoParts } from "../multipart-calls.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const { FIRST, LAST, WHOLE } = twoParts();

/** One multipart upload: its whole life, and what completing it refuses. */
export function multipartRules(target: Target): void {
  const rule = ruleTest(target);
  const { client, bucket, create, upload, complete, abort, read, head } = multipartCalls(target);

  rule("parts become an object with the attributes that were given at creation", async () => {
    const said = {
      ContentType: "video/mp4",
      Metadata: { a: "1" },
      CacheControl: "no-cache",
      ContentEncoding: "gzip",
    };
    const to = await create("whole life", { ...said, Tagging: "t=1" });
    expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
    const parts = [await upload(to, 1, FIRST), await upload(to, 2, LAST)];
    expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
    const completed = await complete(to, parts);
    expect(completed).toMatchObject({
      Bucket: bucket(),
      Key: to.Key,
      ETag: multipartEtag([FIRST, LAST]),
    });
    expect(await head(to.Key)).toMatchObject({ ...said, ContentLength: WHOLE.length });
    expect((await read(to.Key)).equals(WHOLE)).toBe(true);
  });

  rule("Location of a completed upload is the object's URL", async () => {
    const to = await create("located");
    const { Location = "" } = await complete(to, [await upload(to, 1, LAST)]);
    expect(Location).toBe(`${target.endpoint}/${bucket()}/located`);
  });

  rule("ranges cross the borders of parts", async () => {
    const to = await create("crossed");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const range = `bytes=${MIN_PART_BYTES - 3}-${MIN_PART_BYTES + 2}`;
    const { Body } = await client.send(new GetObjectCommand({ ...to, Range: range }));
    const expected = WHOLE.subarray(MIN_PART_BYTES - 3, MIN_PART_BYTES + 3);
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(expected)).toBe(true);
  });

  rule("parts may arrive in any order and with gaps between their numbers", async () => {
    const to = await create("out of order");
    const last = await upload(to, 9_000, LAST);
    const first = await upload(to, 7, FIRST);
    await complete(to, [first, last]);
    expect((await read(to.Key)).equals(WHOLE)).toBe(true);
  });

  rule("a part sent again replaces the former one", async () => {
    const to = await create("replaced");
    const former = await upload(to, 1, Buffer.from("former"));
    const latter = await upload(to, 1, LAST);
    expect(await refusalOf(complete(to, [former]))).toBe("400 InvalidPart");
    await complete(to, [latter]);
    expect((await read(to.Key)).equals(LAST)).toBe(true);
  });

  rule("an object that is there stays whole until completion replaces it", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket(), Key: "stays", Body: "before" }));
    const to = await create("stays");
    const part = await upload(to, 1, LAST);
    expect((await read("stays")).toString()).toBe("before");
    await complete(to, [part]);
    expect((await read("stays")).equals(LAST)).toBe(true);
  });

  const badLists: [
    string,
    string,
    (first: CompletedPart, last: CompletedPart) => CompletedPart[],
  ][] = [
    ["a part that was never sent", "400 InvalidPart", (a, b) => [a, b, { ...b, PartNumber: 3 }]],
    ["a wrong ETag", "400 InvalidPart", (a, b) => [a, { ...b, ETag: a.ETag ?? "" }]],
    ["descending numbers", "400 InvalidPartOrder", (a, b) => [b, a]],
    ["a number twice", "400 InvalidPartOrder", (a, b) => [a, a, b]],
    ["no part at all", "400 MalformedXML", () => []],
  ];
  for (const [name, code, list] of badLists) {
    rule(`completing with ${name} is ${code}, and the upload lives on`, async () => {
      const to = await create(`refused: ${name}`);
      const first = await upload(to, 1, FIRST);
      const last = await upload(to, 2, LAST);
      expect(await refusalOf(complete(to, list(first, last)))).toBe(code);
      expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
      await complete(to, [first, last]);
      expect((await head(to.Key)).ContentLength).toBe(WHOLE.length);
    });
  }

  rule("a part but the last below 5 MiB is EntityTooSmall, and can be sent again", async () => {
    const to = await create("too small");
    const small = await upload(to, 1, FIRST.subarray(1));
    const last = await upload(to, 2, LAST);
    expect(await refusalOf(complete(to, [small, last]))).toBe("400 EntityTooSmall");
    const first = await upload(to, 1, FIRST);
    await complete(to, [first, last]);
  });

  rule("parts that the list leaves out are left out of the object", async () => {
    const to = await create("subset");
    const first = await upload(to, 1, FIRST);
    await upload(to, 2, FIRST);
    const last = await upload(to, 3, LAST);
    await complete(to, [first, last]);
    expect((await head(to.Key)).ContentLength).toBe(WHOLE.length);
  });

  for (const PartNumber of [0, 10_001, -1]) {
    rule(`part number ${PartNumber} is InvalidArgument`, async () => {
      const to = await create("numbered");
      expect(await refusalOf(upload(to, PartNumber, LAST))).toBe("400 InvalidArgument");
      await abort(to);
    });
  }

  rule("part number 10,000 is the last", async () => {
    const to = await create("ten thousandth");
    await complete(to, [await upload(to, 10_000, LAST)]);
    expect((await head(to.Key)).ETag).toBe(multipartEtag([LAST]));
  });

  rule("an aborted upload is gone, for parts, the list of uploads and a second abort", async () => {
    const to = await create("aborted");
    await upload(to, 1, LAST);
    await abort(to);
    expect(await refusalOf(upload(to, 2, LAST))).toBe("404 NoSuchUpload");
    expect(await refusalOf(abort(to))).toBe("404 NoSuchUpload");
    const uploads = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket(), Prefix: to.Key }),
    );
    expect(uploads.Uploads ?? []).toEqual([]);
  });

  rule("completing an aborted upload is NoSuchUpload", async () => {
    const to = await create("aborted");
    const part = await upload(to, 1, LAST);
    await abort(to);
    expect(await refusalOf(complete(to, [part]))).toBe("404 NoSuchUpload");
  });

  rule("ListParts of an aborted upload is NoSuchUpload", async () => {
    const to = await create("aborted");
    await abort(to);
    expect(await refusalOf(client.send(new ListPartsCommand(to)))).toBe("404 NoSuchUpload");
  });

  rule("an upload ID holds for its own key only, and unknown ones are NoSuchUpload", async () => {
    const to = await create("own key");
    const others = [
      { ...to, Key: "other key" },
      { ...to, UploadId: "unknown" },
    ];
    for (const other of others) {
      expect(await refusalOf(upload(other, 1, LAST))).toBe("404 NoSuchUpload");
      expect(await refusalOf(abort(other))).toBe("404 NoSuchUpload");
    }
    await abort(to);
  });

  rule("completing once more answers the same", async () => {
    const to = await create("again");
    const parts = [await upload(to, 1, LAST)];
    const once = await complete(to, parts);
    const twice = await complete(to, parts);
    expect(twice.ETag).toBe(once.ETag);
  });

  rule("If-None-Match: * on completion is 412 where the key exists", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket(), Key: "taken", Body: "kept" }));
    const to = await create("taken");
    const parts = [await upload(to, 1, LAST)];
    expect(await refusalOf(complete(to, parts, { IfNoneMatch: "*" }))).toBe(
      "412 PreconditionFailed",
    );
    expect((await read("taken")).toString()).toBe("kept");
    const free = await create("free");
    await complete(free, [await upload(free, 1, LAST)], { IfNoneMatch: "*" });
  });

  rule("x-amz-mp-object-size that is not the sum of the parts is refused", async () => {
    const to = await create("sized");
    const parts = [await upload(to, 1, LAST)];
    const wrong = complete(to, parts, { MpuObjectSize: LAST.length + 1 });
    expect(await refusalOf(wrong)).toBe("400 InvalidRequest");
    await complete(to, parts, { MpuObjectSize: LAST.length });
  });

  rule("a completion that is no XML is MalformedXML", async () => {
    const to = await create("malformed");
    await upload(to, 1, LAST);
    for (const body of ["not xml", "<CompleteMultipartUpload>", "<Other/>"]) {
      const query = { uploadId: to.UploadId };
      const ask = { method: "POST", path: objectPath(bucket(), to.Key), query, body };
      expect(`${body}: ${verdict(await sendSigned(target, ask))}`).toBe(
        `${body}: 400 MalformedXML`,
      );
    }
    await abort(to);
  });

  rule("UploadPartCopy takes a whole object or a range of one", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket(), Key: "copy from", Body: WHOLE }));
    const to = await create("copied parts");
    const CopySource = `${bucket()}/copy%20from`;
    const copy = async (PartNumber: number, CopySourceRange?: string) => {
      const ask = { ...to, PartNumber, CopySource, ...(CopySourceRange && { CopySourceRange }) };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand(ask));
      return { PartNumber, ETag: CopyPartResult?.ETag ?? "" };
    };
    const parts = [await copy(1), await copy(2, "bytes=5-9")];
    await complete(to, parts);
    const expected = Buffer.concat([WHOLE, WHOLE.subarray(5, 10)]);
    expect((await read(to.Key)).equals(expected)).toBe(true);
    expect((await head(to.Key)).ETag).toBe(multipartEtag([WHOLE, WHOLE.subarray(5, 10)]));
  });

  rule("UploadPartCopy of a range beyond the source is refused", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket(), Key: "short", Body: "0123456789" }));
    const to = await create("beyond");
    const ask = { ...to, PartNumber: 1, CopySource: `${bucket()}/short` };
    for (const CopySourceRange of ["bytes=5-20", "bytes=20-30", "bytes=5-"]) {
      const call = client.send(new UploadPartCopyCommand({ ...ask, CopySourceRange }));
      expect(await refusalOf(call)).toMatch(/^(416 InvalidRange|400 InvalidArgument)$/);
    }
    await abort(to);
  });

  rule("GET and HEAD by part number give that part and the count", async () => {
    const to = await create("by part");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const got = await client.send(new GetObjectCommand({ ...to, PartNumber: 2 }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(LAST)).toBe(true);
    expect(got).toMatchObject({
      PartsCount: 2,
      ContentRange: `bytes ${MIN_PART_BYTES}-${WHOLE.length - 1}/${WHOLE.length}`,
    });
    expect((await head(to.Key, { PartNumber: 1 })).ContentLength).toBe(MIN_PART_BYTES);
    const beyond = client.send(new GetObjectCommand({ ...to, PartNumber: 3 }));
    expect(await refusalOf(beyond)).toMatch(/^416 /);
  });

  rule("a wrong Content-MD5 of a part is BadDigest and leaves no part", async () => {
    const to = await create("bad part");
    const ContentMD5 = Buffer.alloc(16).toString("base64");
    expect(await refusalOf(upload(to, 1, LAST, { ContentMD5 }))).toBe("400 BadDigest");
    const { Parts = [] } = await client.send(new ListPartsCommand(to));
    expect(Parts).toEqual([]);
    await abort(to);
  });

  rule("of two completions at once both may succeed, and the object is whole", async () => {
    const to = await create("completed twice at once");
    const parts = [await upload(to, 1, FIRST), await upload(to, 2, LAST)];
    const verdicts = await Promise.all([1, 2, 3].map(() => refusalOf(complete(to, parts))));
    expect(verdicts).toContain("accepted");
    expect((await read(to.Key)).equals(WHOLE)).toBe(true);
  });

  rule("of a completion and an abort at once one wins, and what it says holds", async () => {
    for (let round = 0; round < 5; round += 1) {
      const to = await create(`raced ${round}`);
      const parts = [await upload(to, 1, LAST)];
      const [completed] = await Promise.all([refusalOf(complete(to, parts)), refusalOf(abort(to))]);
      const found = await refusalOf(head(to.Key));
      expect(found).toBe(completed === "accepted" ? "accepted" : "404 NotFound");
    }
  });
}
