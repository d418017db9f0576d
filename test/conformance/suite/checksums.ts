import {
  ChecksumMode,
  CopyObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { beforeAll, expect } from "vitest";
import { sendChunked, type ChunkedPut } from "../aws-chunked.ts";
import { CHECKSUM_ALGORITHMS, checksumOf, type ChecksumAlgorithm } from "../checksum.ts";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned, sendUnsigned, signedHeaders } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { makeClient, ruleTest, type Target } from "../target.ts";

const BODY = Buffer.from("123456789".repeat(20_000));

/** Digests of a body, in headers and in trailers, right and wrong; bodies that end too soon. */
export function checksumRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
  });

  const put = (key: string, headers: Record<string, string>, body: Uint8Array = BODY) =>
    sendSigned(target, { method: "PUT", path: objectPath(Bucket, key), headers, body });
  const head = (Key: string) =>
    client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: ChecksumMode.ENABLED }));
  /** As SDKs send a checksum: with the name of its algorithm. */
  const sum = (algorithm: ChecksumAlgorithm, value: string) => ({
    "x-amz-sdk-checksum-algorithm": algorithm,
    [`x-amz-checksum-${algorithm.toLowerCase()}`]: value,
  });
  const chunked = (options: Omit<ChunkedPut, "body">) =>
    sendChunked(target, { body: BODY, ...options });
  const isAbsent = async (Key: string) =>
    (await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key })))) === "404 NotFound";

  rule("the suite's own checksums agree with the published check values", async () => {
    const check = (algorithm: ChecksumAlgorithm) =>
      Buffer.from(checksumOf(algorithm, Buffer.from("123456789")), "base64").toString("hex");
    expect(check("CRC32")).toBe("cbf43926");
    expect(check("CRC32C")).toBe("e3069283");
    expect(check("CRC64NVME")).toBe("ae8b14860a799888");
  });

  rule("a right Content-MD5 is taken", async () => {
    const md5 = createHash("md5").update(BODY).digest("base64");
    expect(verdict(await put("md5", { "content-md5": md5 }))).toBe("200");
  });

  rule("a wrong Content-MD5 is BadDigest and writes nothing", async () => {
    const md5 = createHash("md5").update("other").digest("base64");
    expect(verdict(await put("bad-md5", { "content-md5": md5 }))).toBe("400 BadDigest");
    expect(await isAbsent("bad-md5")).toBe(true);
  });

  rule("a Content-MD5 that is no MD5 is InvalidDigest", async () => {
    expect(verdict(await put("no-md5", { "content-md5": "AAAA" }))).toBe("400 InvalidDigest");
  });

  rule("the SDK's default checksum is verified and kept", async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: "default", Body: BODY }));
    expect((await head("default")).ChecksumCRC32).toBe(checksumOf("CRC32", BODY));
  });

  rule("the SDK's default for a stream, a trailer, is verified and kept", async () => {
    const Body = Readable.from([BODY.subarray(0, 70_000), BODY.subarray(70_000)]);
    const command = { Bucket, Key: "streamed", Body, ContentLength: BODY.length };
    await client.send(new PutObjectCommand(command));
    const { ContentLength, ContentEncoding, ChecksumCRC32 } = await head("streamed");
    expect({ ContentLength, ContentEncoding, ChecksumCRC32 }).toEqual({
      ContentLength: BODY.length,
      ContentEncoding: undefined,
      ChecksumCRC32: checksumOf("CRC32", BODY),
    });
  });

  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const field = `Checksum${algorithm}` as const;
    const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
    const right = checksumOf(algorithm, BODY);
    const wrong = checksumOf(algorithm, Buffer.from("other"));

    rule(`the SDK's ${algorithm} is kept and given back on request only`, async () => {
      const Key = `sdk-${algorithm}`;
      const said = { ChecksumAlgorithm: algorithm, [field]: right };
      const answer = await client.send(new PutObjectCommand({ Bucket, Key, Body: BODY, ...said }));
      expect(answer[field]).toBe(right);
      const kept = await head(Key);
      expect(kept[field]).toBe(right);
      const got = await client.send(
        new GetObjectCommand({ Bucket, Key, ChecksumMode: ChecksumMode.ENABLED }),
      );
      expect(BODY.equals((await got.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
      const plain = await sendSigned(target, { method: "HEAD", path: objectPath(Bucket, Key) });
      expect(plain.headers[header]).toBeUndefined();
    });

    rule(`a ${algorithm} of one piece is FULL_OBJECT`, async () => {
      await put(`typed-${algorithm}`, sum(algorithm, right));
      expect((await head(`typed-${algorithm}`)).ChecksumType).toBe("FULL_OBJECT");
    });

    rule(`a wrong ${algorithm} header is BadDigest and writes nothing`, async () => {
      const answer = await put(`bad-${algorithm}`, sum(algorithm, wrong));
      expect(verdict(answer)).toBe("400 BadDigest");
      expect(await isAbsent(`bad-${algorithm}`)).toBe(true);
    });

    rule(`a ${algorithm} header of the wrong length is InvalidRequest`, async () => {
      const answer = await put(`short-${algorithm}`, sum(algorithm, "AAA="));
      expect(verdict(answer)).toBe("400 InvalidRequest");
    });

    const trailed = (key: string, value: string, isSigned: boolean) =>
      chunked({ path: objectPath(Bucket, key), trailer: [header, value], isSigned });

    for (const isSigned of [false, true]) {
      const kind = isSigned ? "a signed" : "an unsigned";
      rule(`${kind} ${algorithm} trailer is verified and kept`, async () => {
        const key = `trailer-${isSigned}-${algorithm}`;
        expect(verdict(await trailed(key, right, isSigned))).toBe("200");
        expect((await head(key))[field]).toBe(right);
      });

      rule(`${kind} wrong ${algorithm} trailer is BadDigest and writes nothing`, async () => {
        const key = `bad-trailer-${isSigned}-${algorithm}`;
        expect(verdict(await trailed(key, wrong, isSigned))).toBe("400 BadDigest");
        expect(await isAbsent(key)).toBe(true);
      });
    }
  }

  rule("a checksum header whose algorithm is not announced is verified all the same", async () => {
    const headers = { "x-amz-checksum-crc32": checksumOf("CRC32", Buffer.from("other")) };
    expect(verdict(await put("unannounced", headers))).toBe("400 BadDigest");
  });

  rule("S3 adds a CRC64NVME of its own where no checksum was given", async () => {
    const plain = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
    await plain.send(new PutObjectCommand({ Bucket, Key: "plain", Body: BODY }));
    plain.destroy();
    expect((await head("plain")).ChecksumCRC64NVME).toBe(checksumOf("CRC64NVME", BODY));
  });

  rule("two checksums at once are refused", async () => {
    const headers = {
      "x-amz-checksum-crc32": checksumOf("CRC32", BODY),
      "x-amz-checksum-sha256": checksumOf("SHA256", BODY),
    };
    expect(verdict(await put("two", headers))).toBe("400 InvalidRequest");
  });

  rule("a copy keeps the checksum", async () => {
    await put("summed", sum("SHA1", checksumOf("SHA1", BODY)));
    const copy = { Bucket, CopySource: `${Bucket}/summed`, Key: "same-sum" };
    await client.send(new CopyObjectCommand(copy));
    expect((await head("same-sum")).ChecksumSHA1).toBe(checksumOf("SHA1", BODY));
  });

  rule("a copy computes the checksum that is asked for", async () => {
    await put("summed", sum("SHA1", checksumOf("SHA1", BODY)));
    const copy = { Bucket, CopySource: `${Bucket}/summed`, Key: "other-sum" };
    await client.send(new CopyObjectCommand({ ...copy, ChecksumAlgorithm: "SHA256" }));
    expect((await head("other-sum")).ChecksumSHA256).toBe(checksumOf("SHA256", BODY));
  });

  rule("GetObjectAttributes tells size, ETag, class and checksum", async () => {
    await put("attributes", sum("CRC32C", checksumOf("CRC32C", BODY)));
    const command = new GetObjectAttributesCommand({
      Bucket,
      Key: "attributes",
      ObjectAttributes: ["ETag", "Checksum", "ObjectSize", "StorageClass"],
    });
    expect(await client.send(command)).toMatchObject({
      ETag: createHash("md5").update(BODY).digest("hex"),
      ObjectSize: BODY.length,
      StorageClass: "STANDARD",
      Checksum: { ChecksumCRC32C: checksumOf("CRC32C", BODY) },
    });
  });

  rule("signed chunks are taken without a trailer too", async () => {
    const path = objectPath(Bucket, "signed-chunks");
    expect(verdict(await chunked({ path, isSigned: true }))).toBe("200");
    expect((await head("signed-chunks")).ContentLength).toBe(BODY.length);
  });

  rule("a signed chunk that was changed on the way is SignatureDoesNotMatch", async () => {
    const path = objectPath(Bucket, "tampered-chunks");
    const tamper = (body: Buffer) => {
      const changed = Buffer.from(body);
      changed[body.length - 2_000] = 0;
      return changed;
    };
    const answer = await chunked({ path, isSigned: true, tamper });
    expect(verdict(answer)).toBe("403 SignatureDoesNotMatch");
    expect(await isAbsent("tampered-chunks")).toBe(true);
  });

  rule("chunks that end too soon leave no object", async () => {
    const path = objectPath(Bucket, "cut-chunks");
    const cut = (body: Buffer) => body.subarray(0, -400);
    const answer = await chunked({ path, tamper: cut });
    expect(answer.status).toBe(400);
    expect(await isAbsent("cut-chunks")).toBe(true);
  });

  rule("a body shorter than its Content-Length leaves no object", async () => {
    const ask = { method: "PUT", path: objectPath(Bucket, "cut"), headers: {} };
    const headers = signedHeaders(target, ask, { payloadHash: "UNSIGNED-PAYLOAD" });
    const lines = Object.entries({ ...headers, "content-length": "1000", connection: "close" }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    await sendCut(target, `PUT ${ask.path} HTTP/1.1\r\n${lines.join("")}\r\n${"x".repeat(500)}`);
    expect(await isAbsent("cut")).toBe(true);
  });

  rule("a body without a length is MissingContentLength or NotImplemented", async () => {
    const ask = { method: "PUT", path: objectPath(Bucket, "unmeasured") };
    const headers = signedHeaders(target, ask, { payloadHash: "UNSIGNED-PAYLOAD" });
    const unmeasured = { ...headers, "transfer-encoding": "chunked" };
    const answer = await sendUnsigned(target, { ...ask, headers: unmeasured, body: "x" });
    expect(verdict(answer)).toMatch(/^(411 MissingContentLength|501 NotImplemented)$/);
  });
}

/** Writes `text`, ends the connection's sending side and waits until the server closes its own. */
function sendCut(target: Target, text: string): Promise<void> {
  const { hostname, port } = new URL(target.endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(text));
    socket.resume();
    // A reset is as good an answer as any to half a body.
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
}
