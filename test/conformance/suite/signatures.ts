import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { beforeAll, expect } from "vitest";
import { errorFields, verdict } from "../error-document.ts";
import {
  objectPath,
  presignedQuery,
  sendPresigned,
  sendSigned,
  sendUnsigned,
  sha256,
  signedHeaders,
  type RawRequest,
  type SigningOptions,
} from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { makeClient, ruleTest, type Target } from "../target.ts";

const MINUTE_MS = 60_000;

/** Signature V4 in headers and in the query: honest ones are taken, each other is refused by code. */
export function signatureRules(target: Target): void {
  const rule = ruleTest(target);
  let Bucket = "";
  let path = "";
  let get: RawRequest = { method: "GET", path };
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    path = objectPath(Bucket, "secret");
    get = { method: "GET", path };
    await target.client.send(new PutObjectCommand({ Bucket, Key: "secret", Body: "secret" }));
  });

  rule("a request without a signature is AccessDenied", async () => {
    expect(verdict(await sendUnsigned(target, get))).toBe("403 AccessDenied");
    const put = { method: "PUT", path, body: "overwritten" };
    expect(verdict(await sendUnsigned(target, put))).toBe("403 AccessDenied");
    expect((await sendSigned(target, get)).body.toString()).toBe("secret");
  });

  const refusals: [string, () => SigningOptions, string][] = [
    ["an unknown access key", () => ({ accessKeyId: "AKIANOBODY" }), "403 InvalidAccessKeyId"],
    ["a wrong secret", () => ({ secretAccessKey: "not-the-secret" }), "403 SignatureDoesNotMatch"],
    [
      "a clock 16 minutes slow",
      () => ({ signedAt: Date.now() - 16 * MINUTE_MS }),
      "403 RequestTimeTooSkewed",
    ],
    [
      "a clock 16 minutes fast",
      () => ({ signedAt: Date.now() + 16 * MINUTE_MS }),
      "403 RequestTimeTooSkewed",
    ],
    ["another region", () => ({ region: "mars-north-1" }), "400 AuthorizationHeaderMalformed"],
  ];
  for (const [name, options, code] of refusals) {
    rule(`a header signature with ${name} is ${code}`, async () => {
      expect(verdict(await sendSigned(target, get, options()))).toBe(code);
    });
  }

  rule("a clock 14 minutes off is near enough", async () => {
    for (const offsetMs of [-14 * MINUTE_MS, 14 * MINUTE_MS]) {
      const answer = await sendSigned(target, get, { signedAt: Date.now() + offsetMs });
      expect(verdict(answer)).toBe("200");
    }
  });

  rule("the refusal of a wrong signature shows what should have been signed", async () => {
    const fields = errorFields(await sendSigned(target, get, { secretAccessKey: "wrong" }));
    expect(fields).toMatchObject({ AWSAccessKeyId: target.accessKeyId });
    expect(fields["StringToSign"]).toContain("AWS4-HMAC-SHA256");
    expect(fields["CanonicalRequest"]).toContain(path);
  });

  rule("a header signature does not hold for another path, method or query", async () => {
    const headers = signedHeaders(target, get);
    const others = [
      { ...get, path: objectPath(Bucket, "other") },
      { ...get, method: "DELETE" },
      { ...get, query: { "response-content-type": "text/html" } },
    ];
    for (const other of others) {
      const answer = await sendUnsigned(target, { ...other, headers });
      expect(verdict(answer)).toBe("403 SignatureDoesNotMatch");
    }
    expect(verdict(await sendUnsigned(target, { ...get, headers }))).toBe("200");
  });

  rule("a signed header that was changed on the way is SignatureDoesNotMatch", async () => {
    const ask = { method: "PUT", path, body: "x", headers: { "x-amz-meta-a": "1" } };
    const headers = { ...signedHeaders(target, ask), "x-amz-meta-a": "2" };
    const answer = await sendUnsigned(target, { ...ask, headers });
    expect(verdict(answer)).toBe("403 SignatureDoesNotMatch");
  });

  rule("an x-amz-* header that was added without being signed is refused", async () => {
    const headers = { ...signedHeaders(target, get), "x-amz-meta-added": "1" };
    expect((await sendUnsigned(target, { ...get, headers })).status).toBe(403);
    const query = presignedQuery(target, { method: "PUT", path });
    const added = { "x-amz-storage-class": "GLACIER" };
    const put = { method: "PUT", path, query, headers: added, body: "y" };
    expect((await sendUnsigned(target, put)).status).toBe(403);
  });

  rule("a body whose hash is not the signed one is XAmzContentSHA256Mismatch", async () => {
    const put = { method: "PUT", path: objectPath(Bucket, "mismatched"), body: "sent" };
    const answer = await sendSigned(target, put, { payloadHash: sha256("signed") });
    expect(verdict(answer)).toBe("400 XAmzContentSHA256Mismatch");
    const read = await sendSigned(target, { ...put, method: "GET", body: "" });
    expect(verdict(read)).toBe("404 NoSuchKey");
  });

  rule("UNSIGNED-PAYLOAD signs everything but the body", async () => {
    const put = { method: "PUT", path: objectPath(Bucket, "unsigned-body"), body: "sent" };
    const answer = await sendSigned(target, put, { payloadHash: "UNSIGNED-PAYLOAD" });
    expect(verdict(answer)).toBe("200");
  });

  rule("a payload hash that is neither a hash nor a known word is refused", async () => {
    const put = { method: "PUT", path: objectPath(Bucket, "odd-hash"), body: "sent" };
    const answer = await sendSigned(target, put, { payloadHash: "HELLO" });
    expect(answer.status).toBe(400);
  });

  rule("a malformed Authorization header is refused and does not hang", async () => {
    const malformed = [
      "AWS4-HMAC-SHA256",
      "AWS4-HMAC-SHA256 Credential=x",
      "Bearer abc",
      "AWS a:b",
    ];
    for (const authorization of malformed) {
      const answer = await sendUnsigned(target, { ...get, headers: { authorization } });
      expect([400, 403]).toContain(answer.status);
    }
  });

  rule("presigned URLs of the SDK put and get an object", async () => {
    const client = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const place = { Bucket, Key: "folder/presigned +?é.txt" };
    const putUrl = await getSignedUrl(client, new PutObjectCommand(place), { expiresIn: 60 });
    const put = await fetch(putUrl, { method: "PUT", body: Buffer.from("presigned") });
    expect(put.status).toBe(200);
    const getUrl = await getSignedUrl(client, new GetObjectCommand(place), { expiresIn: 60 });
    expect(await (await fetch(getUrl)).text()).toBe("presigned");
    client.destroy();
  });

  rule(
    "a presigned PUT takes a Content-Type that was not signed, as a browser's File sends",
    async () => {
      const put = { method: "PUT", path: objectPath(Bucket, "typed") };
      const query = presignedQuery(target, put);
      const headers = { "content-type": "image/png" };
      const answer = await sendUnsigned(target, { ...put, query, headers, body: "x" });
      expect(verdict(answer)).toBe("200");
      const head = await sendSigned(target, { ...put, method: "HEAD" });
      expect(head.headers["content-type"]).toBe("image/png");
    },
  );

  rule("an expired presigned URL is AccessDenied", async () => {
    const signedAt = Date.now() - 2 * MINUTE_MS;
    const answer = await sendPresigned(target, get, { signedAt, expiresInSeconds: 60 });
    expect(verdict(answer)).toBe("403 AccessDenied");
  });

  rule("the refusal of an expired URL says when it expired", async () => {
    const signedAt = Date.now() - 2 * MINUTE_MS;
    const answer = await sendPresigned(target, get, { signedAt, expiresInSeconds: 60 });
    const fields = errorFields(answer);
    expect(fields["Message"]).toBe("Request has expired");
    expect(Date.parse(fields["Expires"] ?? "")).toBeLessThan(Date.now());
  });

  rule("a presigned URL that is older than 15 minutes holds until it expires", async () => {
    const signedAt = Date.now() - 60 * MINUTE_MS;
    const answer = await sendPresigned(target, get, { signedAt, expiresInSeconds: 7_200 });
    expect(verdict(answer)).toBe("200");
  });

  rule("a presigned URL of the far future is not valid yet", async () => {
    const signedAt = Date.now() + 60 * MINUTE_MS;
    const answer = await sendPresigned(target, get, { signedAt, expiresInSeconds: 7_200 });
    expect(answer.status).toBe(403);
  });

  for (const expiresInSeconds of [604_801, -1]) {
    rule(`X-Amz-Expires=${expiresInSeconds} is refused`, async () => {
      const answer = await sendPresigned(target, get, { expiresInSeconds });
      expect(verdict(answer)).toBe("400 AuthorizationQueryParametersError");
    });
  }

  rule("seven days are the longest that a URL may live", async () => {
    const answer = await sendPresigned(target, get, { expiresInSeconds: 604_800 });
    expect(verdict(answer)).toBe("200");
  });

  rule("a presigned URL does not hold for another path, method, query or lifetime", async () => {
    const query = presignedQuery(target, get);
    const others: RawRequest[] = [
      { ...get, query, path: objectPath(Bucket, "other") },
      { method: "DELETE", path, query },
      { method: "PUT", path, query, body: "replayed" },
      { ...get, query: { ...query, "response-content-type": "text/html" } },
      { ...get, query: { ...query, "X-Amz-Expires": "3000" } },
    ];
    for (const other of others) {
      const answer = await sendUnsigned(target, other);
      expect(verdict(answer)).toBe("403 SignatureDoesNotMatch");
    }
    expect((await sendUnsigned(target, { ...get, query })).body.toString()).toBe("secret");
  });

  rule("a presigned URL with a wrong secret or an unknown key is refused", async () => {
    const wrong = await sendPresigned(target, get, { secretAccessKey: "wrong" });
    expect(verdict(wrong)).toBe("403 SignatureDoesNotMatch");
    const unknown = await sendPresigned(target, get, { accessKeyId: "AKIANOBODY" });
    expect(verdict(unknown)).toBe("403 InvalidAccessKeyId");
  });

  rule("a presigned part URL uploads that part of that upload only", async () => {
    const created = await sendSigned(target, { method: "POST", path, query: { uploads: "" } });
    const uploadId = /<UploadId>([^<]+)</.exec(created.body.toString())?.[1] ?? "";
    const ask = { method: "PUT", path, query: { partNumber: "2", uploadId } };
    const query = presignedQuery(target, ask);
    const replayed = { ...ask, query: { ...query, partNumber: "3" }, body: "part" };
    expect(verdict(await sendUnsigned(target, replayed))).toBe("403 SignatureDoesNotMatch");
    expect(verdict(await sendUnsigned(target, { ...ask, query, body: "part" }))).toBe("200");
    const abort = { method: "DELETE", path, query: { uploadId } };
    expect(verdict(await sendSigned(target, abort))).toBe("204");
  });

  rule("temporary credentials' token that nobody issued is refused", async () => {
    const headers = { "x-amz-security-token": "forged" };
    const answer = await sendSigned(target, { ...get, headers });
    expect([400, 403]).toContain(answer.status);
  });

  rule("a HEAD with a wrong signature is a bare 403", async () => {
    const call = makeClient({ ...target, secretAccessKey: "wrong" });
    const command = new GetObjectCommand({ Bucket, Key: "secret" });
    expect(await refusalOf(call.send(command))).toBe("403 SignatureDoesNotMatch");
    const head = await sendSigned(target, { ...get, method: "HEAD" }, { secretAccessKey: "wrong" });
    expect({ status: head.status, body: head.body.toString() }).toEqual({ status: 403, body: "" });
    call.destroy();
  });
}
