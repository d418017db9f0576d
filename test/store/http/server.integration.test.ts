import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRaw } from "./raw-connection.ts";
import { signedHead, startedStore, type StartedStore } from "./started-store.ts";

const BUCKET = "bucket";
const MiB = 1024 * 1024;
let store: StartedStore;
let host = "";

beforeAll(async () => {
  store = await startedStore({ idleTimeoutMs: 300 });
  host = `127.0.0.1:${store.port}`;
  await store.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "present", Body: "a" }));
});
afterAll(() => store.remove());

const put = (path: string, headers = "", extra: Record<string, string> = {}): string =>
  `PUT ${path} HTTP/1.1\r\n${signedHead("PUT", path, host, extra)}${headers}\r\n`;
const get = (path: string, headers = ""): string =>
  `GET ${path} HTTP/1.1\r\n${signedHead("GET", path, host)}${headers}\r\n`;
const exists = (Key: string): Promise<boolean> =>
  store.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key })).then(
    () => true,
    () => false,
  );

describe("a connection", () => {
  test("serves one request after another", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}/kept`, "Content-Length: 2\r\n") + "ok");
    await raw.until("x-amz-request-id");
    raw.write(get(`/${BUCKET}/absent`));
    await raw.until("NoSuchKey");
    raw.write(get(`/${BUCKET}/kept`, "Connection: close\r\n"));
    const answers = await raw.closed();
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual([
      "HTTP/1.1 200",
      "HTTP/1.1 404",
      "HTTP/1.1 200",
    ]);
    expect(answers).toMatch(/\r\n\r\nok$/);
  });

  test("serves pipelined requests in order", async () => {
    const raw = connectRaw(store.port);
    raw.write(get(`/${BUCKET}/no-1`) + get(`/${BUCKET}/no-2`, "Connection: close\r\n"));
    const answers = await raw.closed();
    expect(answers.indexOf("<Key>no-1")).toBeGreaterThan(0);
    expect(answers.indexOf("<Key>no-2")).toBeGreaterThan(answers.indexOf("<Key>no-1"));
  });
});

describe("Expect: 100-continue", () => {
  const expecting = "Expect: 100-continue\r\nContent-Length: 5\r\n";

  test("is honoured for what may be written", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}/expected`, expecting));
    await raw.until("100 Continue");
    raw.write("hello");
    await raw.until("200 OK");
    raw.socket.destroy();
    expect(await exists("expected")).toBe(true);
  });

  test.each([
    [
      "a bad signature",
      () => put(`/${BUCKET}/a`, expecting).replace("Signature=", "Signature=0"),
      "SignatureDoesNotMatch",
    ],
    ["a bucket that is missing", () => put("/missing/a", expecting), "NoSuchBucket"],
    [
      "an upload that is missing",
      () => put(`/${BUCKET}/a?partNumber=1&uploadId=none`, expecting),
      "NoSuchUpload",
    ],
    [
      "a condition that fails",
      () => put(`/${BUCKET}/present`, `${expecting}If-None-Match: *\r\n`),
      "PreconditionFailed",
    ],
  ])("is refused before the body with %s", async (_, request, code) => {
    const raw = connectRaw(store.port);
    raw.write(request());
    const answer = await raw.closed();
    expect(answer).toContain(`<Code>${code}</Code>`);
    expect(answer).not.toContain("100 Continue");
  });
});

describe("a body", () => {
  test("that nobody wants is received until the answer is out", async () => {
    const response = await fetch(`${store.endpoint}/${BUCKET}/unsigned`, {
      method: "PUT",
      body: new Uint8Array(16 * MiB),
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("AccessDenied");
  });

  test("that stalls is RequestTimeout and leaves nothing", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}/stalled`, "Content-Length: 100\r\n") + "begin");
    expect(await raw.until("</Error>")).toContain("<Code>RequestTimeout</Code>");
    raw.socket.destroy();
    expect(await exists("stalled")).toBe(false);
  });

  test("that ends early is IncompleteBody and leaves nothing", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}/cut`, "Content-Length: 100\r\n") + "begin");
    raw.socket.end();
    expect(await raw.closed()).toContain("<Code>IncompleteBody</Code>");
    expect(await exists("cut")).toBe(false);
  });

  test("whose connection breaks leaves nothing, and the store goes on", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}/broken`, "Content-Length: 100\r\n") + "begin");
    await new Promise((resolve) => setImmediate(resolve));
    raw.socket.resetAndDestroy();
    expect(await exists("broken")).toBe(false);
  });

  test("whose chunks are malformed is IncompleteBody", async () => {
    const raw = connectRaw(store.port);
    const framed = { "x-amz-decoded-content-length": "5" };
    raw.write(
      `PUT /${BUCKET}/chunks HTTP/1.1\r\n` +
        signedHead("PUT", `/${BUCKET}/chunks`, host, framed, "STREAMING-UNSIGNED-PAYLOAD-TRAILER") +
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    );
    expect(await raw.closed()).toContain("<Code>IncompleteBody</Code>");
  });

  test("without a length is MissingContentLength", async () => {
    const raw = connectRaw(store.port);
    raw.write(
      `${put(`/${BUCKET}/endless`, "Transfer-Encoding: chunked\r\n")}5\r\nhello\r\n0\r\n\r\n`,
    );
    const answer = await raw.until("</Error>");
    expect(answer).toContain("HTTP/1.1 411");
    expect(answer).toContain("<Code>MissingContentLength</Code>");
    raw.socket.destroy();
  });

  test("of more than 5 GiB is EntityTooLarge before it is sent", async () => {
    const raw = connectRaw(store.port);
    raw.write(
      put(`/${BUCKET}/large`, `Expect: 100-continue\r\nContent-Length: ${5 * 1024 * MiB + 1}\r\n`),
    );
    expect(await raw.closed()).toContain("<Code>EntityTooLarge</Code>");
  });

  test("of XML that is too long is refused by its length alone", async () => {
    const raw = connectRaw(store.port);
    raw.write(put(`/${BUCKET}?cors`, "Expect: 100-continue\r\nContent-Length: 1048577\r\n"));
    expect(await raw.closed()).toContain("<Code>MaxMessageLengthExceeded</Code>");
  });
});

describe("hostile requests get a clean answer", () => {
  test.each([
    ["no HTTP", "hello\r\n\r\n", "400"],
    ["headers without end", `GET / HTTP/1.1\r\nX-A: ${"a".repeat(20_000)}`, "400"],
    [
      "two lengths",
      "PUT /a/b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "400",
    ],
    [
      "a length and chunks",
      "PUT /a/b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "400",
    ],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400"],
    [
      "broken percent-encoding",
      "GET /b/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "400",
    ],
    [
      "bytes that are no UTF-8",
      "GET /b/%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "400",
    ],
    ["an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "400"],
    [
      "a method of another protocol",
      "PROPFIND /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "403",
    ],
    [
      "an unknown expectation",
      "GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\nConnection: close\r\n\r\n",
      "403",
    ],
  ])("%s", async (_, request, status) => {
    const raw = connectRaw(store.port);
    raw.write(request);
    expect(await raw.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test("headers that never end are cut off", async () => {
    const raw = connectRaw(store.port);
    raw.write("GET / HTTP/1.1\r\nHost: a\r\n");
    expect(await raw.closed()).toContain("<Code>RequestTimeout</Code>");
  });

  test("line breaks in presigned metadata do not become headers", async () => {
    const path = `/${BUCKET}/injected?x-amz-meta-a=b%0D%0AInjected%3A%201`;
    const raw = connectRaw(store.port);
    raw.write(`PUT ${path} HTTP/1.1\r\n${signedHead("PUT", path, host)}Content-Length: 0\r\n\r\n`);
    await raw.until("200 OK");
    raw.write(
      `HEAD /${BUCKET}/injected HTTP/1.1\r\n${signedHead("HEAD", `/${BUCKET}/injected`, host)}Connection: close\r\n\r\n`,
    );
    const answers = await raw.closed();
    expect(answers).toContain("x-amz-meta-a: =?UTF-8?B?");
    expect(answers).not.toContain("Injected: 1");
  });
});

describe("what is not understood changes nothing", () => {
  test.each(["foo", "website", "policy", "foo=bar", "versions"])("DELETE ?%s", async (query) => {
    await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "still", Body: "a" }));
    for (const path of [`/${BUCKET}/still?${query}`, `/${BUCKET}?${query}`]) {
      const raw = connectRaw(store.port);
      raw.write(
        `DELETE ${path} HTTP/1.1\r\n${signedHead("DELETE", path, host)}Connection: close\r\n\r\n`,
      );
      expect(await raw.closed()).toContain("501 Not Implemented");
    }
    expect(await exists("still")).toBe(true);
  });

  test.each([
    ["policy", "NoSuchBucketPolicy"],
    ["website", "NoSuchWebsiteConfiguration"],
    ["encryption", "ServerSideEncryptionConfigurationNotFoundError"],
    ["versions", "NotImplemented"],
    ["unheard-of", "NotImplemented"],
  ])("GET ?%s is %s", async (query, code) => {
    const raw = connectRaw(store.port);
    raw.write(get(`/${BUCKET}?${query}`, "Connection: close\r\n"));
    expect(await raw.closed()).toContain(`<Code>${code}</Code>`);
  });
});

describe("CORS", () => {
  const Bucket = "with-cors";
  const Origin = "https://page.example";
  beforeAll(async () => {
    await store.client.send(new CreateBucketCommand({ Bucket }));
    await store.client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: [Origin],
              AllowedMethods: ["PUT", "GET"],
              AllowedHeaders: ["content-type"],
              ExposeHeaders: ["ETag"],
              MaxAgeSeconds: 60,
            },
          ],
        },
      }),
    );
  });

  beforeAll(async () => {
    await store.client.send(new CreateBucketCommand({ Bucket: "any-origin" }));
    const CORSRules = [{ AllowedOrigins: ["https://*.example"], AllowedMethods: ["GET"] }];
    await store.client.send(
      new PutBucketCorsCommand({ Bucket: "any-origin", CORSConfiguration: { CORSRules } }),
    );
  });

  const preflight = (bucket: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${store.endpoint}/${bucket}/key?any=query`, { method: "OPTIONS", headers });

  test("a preflight that a rule allows is answered without a signature", async () => {
    const response = await preflight(Bucket, {
      Origin,
      "Access-Control-Request-Method": "PUT",
      "Access-Control-Request-Headers": "Content-Type",
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": Origin,
      "access-control-allow-methods": "PUT, GET",
      "access-control-allow-headers": "content-type",
      "access-control-expose-headers": "ETag",
      "access-control-max-age": "60",
      vary: expect.stringContaining("Origin"),
    });
  });

  test("an origin that no header could hold is answered all the same", async () => {
    const raw = connectRaw(store.port);
    raw.write(
      Buffer.from(
        `OPTIONS /any-origin/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://ü😀.example\r\n` +
          `Access-Control-Request-Method: GET\r\n\r\n`,
      ),
    );
    expect(await raw.closed()).toContain("HTTP/1.1 200 OK");
  });

  test.each([
    ["another origin", { Origin: "https://other.example", "Access-Control-Request-Method": "PUT" }],
    ["another method", { Origin, "Access-Control-Request-Method": "DELETE" }],
    [
      "another header",
      { Origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-a" },
    ],
  ])("a preflight with %s is forbidden", async (_, headers) => {
    const response = await preflight(Bucket, headers);
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.text()).toContain("<Code>AccessForbidden</Code>");
  });

  test("a bucket without rules forbids preflights and answers without CORS headers", async () => {
    const asked = { Origin, "Access-Control-Request-Method": "PUT" };
    expect((await preflight(BUCKET, asked)).status).toBe(403);
    expect((await preflight("missing", asked)).status).toBe(403);
    const response = await fetch(`${store.endpoint}/${BUCKET}/kept`, { headers: { Origin } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("errors carry the headers too, so that a page can read them", async () => {
    for (const query of ["", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0"]) {
      const response = await fetch(`${store.endpoint}/${Bucket}/a${query}`, {
        method: "PUT",
        headers: { Origin },
        body: "a",
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get("access-control-allow-origin")).toBe(Origin);
    }
  });

  test("answers without an origin tell caches that they depend on it", async () => {
    const response = await fetch(`${store.endpoint}/${Bucket}/a`);
    expect(response.headers.get("vary")).toContain("Origin");
  });
});

test("an object that is deleted while it is read is read to its end", async () => {
  const Body = Buffer.alloc(24 * MiB, "abc");
  await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "read", Body }));
  const { Body: answer } = await store.client.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: "read" }),
  );
  await store.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "read" }));
  expect(Buffer.compare((await answer?.transformToByteArray()) ?? Buffer.alloc(0), Body)).toBe(0);
});

test.each([
  ["text/html", "sandbox"],
  ["image/svg+xml", "sandbox"],
  ["text/javascript", "sandbox"],
  ["image/png", "sandbox"],
  ["application/pdf; x=1, text/html", "sandbox"],
  // Browsers show no PDF in a sandbox, and none of its scripts reaches a page.
  ["application/pdf", null],
])("an object of type %s never runs as a page of this host", async (ContentType, policy) => {
  const Key = "inert";
  await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "a", ContentType }));
  const command = new GetObjectCommand({ Bucket: BUCKET, Key });
  const url = await getSignedUrl(store.client, command);
  for (const headers of [{}, { range: "bytes=0-0" }]) {
    const answer = await fetch(url, { headers });
    expect(await answer.text()).toBe("a");
    expect(answer.headers.get("content-security-policy")).toBe(policy);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("a type that is asked for runs no more than a type that is stored", async () => {
  const command = new GetObjectCommand({
    Bucket: BUCKET,
    Key: "present",
    ResponseContentType: "text/html",
  });
  const answer = await fetch(await getSignedUrl(store.client, command));
  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(answer.headers.get("content-security-policy")).toBe("sandbox");
});

test("a stream of the SDK goes up with a checksum in its trailer", async () => {
  const Body = Readable.from([
    Buffer.alloc(70_000, "a"),
    Buffer.alloc(20_000, "b"),
    Buffer.from("c"),
  ]);
  const sent = { Bucket: BUCKET, Key: "streamed", Body, ContentLength: 90_001 };
  const { ChecksumCRC32 } = await store.client.send(new PutObjectCommand(sent));
  const head = await store.client.send(
    new HeadObjectCommand({ Bucket: BUCKET, Key: "streamed", ChecksumMode: "ENABLED" }),
  );
  expect(head).toMatchObject({ ContentLength: 90_001, ChecksumCRC32 });
  expect(ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);
});

test("SelectObjectContent is NotImplemented where the store was started without", async () => {
  const path = `/${BUCKET}/present?select=&select-type=2`;
  const raw = connectRaw(store.port);
  const head = signedHead("POST", path, `127.0.0.1:${store.port}`);
  raw.write(`POST ${path} HTTP/1.1\r\n${head}Connection: close\r\nContent-Length: 4\r\n\r\n<a/>`);
  expect(await raw.closed()).toContain("<Code>NotImplemented</Code>");
});

test("closing lets a request under way end and takes no more", async () => {
  const own = await startedStore();
  await own.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const path = `/${BUCKET}/late`;
  const raw = connectRaw(own.port);
  raw.write(
    `PUT ${path} HTTP/1.1\r\n${signedHead("PUT", path, `127.0.0.1:${own.port}`)}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
  );
  await raw.until("100 Continue");
  const closed = own.close();
  raw.write("hello");
  expect(await raw.closed()).toContain("HTTP/1.1 200 OK");
  await closed;
  await expect(fetch(own.endpoint)).rejects.toThrow();
  await own.remove();
});
