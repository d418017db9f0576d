import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { Agent } from "node:http";
import { connect } from "node:net";
import { beforeAll, expect } from "vitest";
import { sendChunked } from "../aws-chunked.ts";
import { checksumOf } from "../checksum.ts";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned, signedHeaders, type SigningOptions } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const BODY = Buffer.alloc(150_000, "streamed ");
const WAIT_MS = 5_000;

/** Bodies on the wire: announced, interrupted, mis-measured; connections after an error. */
export function connectionRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
  });
  const isAbsent = async (Key: string) =>
    (await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key })))) === "404 NotFound";

  /** The first line that answers a PUT which waits for `100 Continue`; then the body, if it comes. */
  const expectContinue = async (key: string, options: SigningOptions = {}) => {
    const ask = { method: "PUT", path: objectPath(Bucket, key), headers: {} };
    const payloadHash = "UNSIGNED-PAYLOAD";
    const headers = signedHeaders(target, ask, { payloadHash, ...options });
    const waiting = { ...headers, expect: "100-continue", "content-length": "4" };
    return converse(target, requestHead(`PUT ${ask.path}`, waiting), "body");
  };

  rule("a client that waits is told to go on", async () => {
    const { first, last } = await expectContinue("awaited");
    expect(first).toMatch(/^HTTP\/1.1 100 continue$/i);
    expect(last).toContain("HTTP/1.1 200 OK");
    expect(await isAbsent("awaited")).toBe(false);
  });

  rule("a client that waits with a wrong signature is refused before it sends", async () => {
    const { first } = await expectContinue("unawaited", { secretAccessKey: "wrong" });
    expect(first).toBe("HTTP/1.1 403 Forbidden");
  });

  rule("a connection goes on after a refused body, or is closed, never out of step", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const path = objectPath(Bucket, "in step");
    const body = Buffer.alloc(300_000, "GET / HTTP/1.1\r\n\r\n");
    for (let round = 0; round < 5; round += 1) {
      const put = { method: "PUT", path, body, agent };
      const refused = await sendSigned(target, put, { secretAccessKey: "wrong" }).catch(() => {});
      // A server may hang up on a body that it does not want; it may not take it for requests.
      if (refused) expect(verdict(refused)).toBe("403 SignatureDoesNotMatch");
      const get = { method: "GET", path, agent };
      expect(verdict(await sendSigned(target, get))).toBe("404 NoSuchKey");
    }
    agent.destroy();
  });

  const chunked = (key: string, more: object) =>
    sendChunked(target, { path: objectPath(Bucket, key), body: BODY, ...more });

  rule("a decoded length that is not the body's is IncompleteBody", async () => {
    for (const declaredBytes of [BODY.length - 1, BODY.length + 1]) {
      const answer = await chunked(`declared ${declaredBytes}`, { declaredBytes });
      expect(verdict(answer)).toBe("400 IncompleteBody");
      expect(await isAbsent(`declared ${declaredBytes}`)).toBe(true);
    }
  });

  rule("a trailer whose signature is wrong is SignatureDoesNotMatch", async () => {
    const tamper = (encoded: Buffer) =>
      Buffer.from(
        encoded.toString("latin1").replace(/(x-amz-trailer-signature:)./, "$1z"),
        "latin1",
      );
    const trailer = ["x-amz-checksum-crc32", checksumOf("CRC32", BODY)];
    const answer = await chunked("mis-signed trailer", { isSigned: true, trailer, tamper });
    expect(answer.status).toBe(403);
    expect(await isAbsent("mis-signed trailer")).toBe(true);
  });

  rule("a trailer that was announced and does not come is MalformedTrailerError", async () => {
    const tamper = (encoded: Buffer) => {
      const end = encoded.lastIndexOf("0\r\n") + 3;
      return Buffer.concat([encoded.subarray(0, end), Buffer.from("\r\n")]);
    };
    const trailer = ["x-amz-checksum-crc32", checksumOf("CRC32", BODY)];
    const answer = await chunked("no trailer", { trailer, tamper });
    expect(verdict(answer)).toBe("400 MalformedTrailerError");
    expect(await isAbsent("no trailer")).toBe(true);
  });

  rule("aws-chunked is no encoding of the object", async () => {
    const path = objectPath(Bucket, "encoded");
    const answer = await sendChunked(target, { path, body: BODY, contentEncoding: "gzip" });
    expect(verdict(answer)).toBe("200");
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "encoded" }));
    expect(head.ContentEncoding).toBe("gzip");
  });

  rule("a document type definition is refused", async () => {
    const definition = '<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;">]>';
    const tags = "<TagSet><Tag><Key>k</Key><Value>&b;</Value></Tag></TagSet>";
    await client.send(new PutObjectCommand({ Bucket, Key: "defined", Body: "x" }));
    const path = objectPath(Bucket, "defined");
    const body = `${definition}<Tagging>${tags}</Tagging>`;
    const ask = { method: "PUT", path, query: { tagging: "" }, body };
    expect(verdict(await sendSigned(target, ask))).toBe("400 MalformedXML");
  });

  rule("what is not HTTP is answered with 400 or hung up on", async () => {
    for (const text of ["\u0016\u0003\u0001 hello", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
      const { first } = await converse(target, text, "");
      expect(first).toMatch(/^($|HTTP\/1.1 (400|505) )/);
    }
    expect((await sendSigned(target, { method: "GET", path: "/" })).status).toBe(200);
  });
}

/** Sends `head`, then `body` once told to go on; gives the first line and all that was answered. */
function converse(
  target: Target,
  head: string,
  body: string,
): Promise<{ first: string; last: string }> {
  const { hostname, port } = new URL(target.endpoint);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(head));
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error(`no answer within ${WAIT_MS} ms`)));
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      if (/^HTTP\/1.1 100 continue\r\n\r\n$/i.test(answer)) socket.write(body);
      else if (answer.includes("\r\n\r\n")) socket.end();
    });
    socket.on("error", (error) => (answer ? undefined : reject(error)));
    socket.on("close", () => resolve({ first: answer.split("\r\n")[0] ?? "", last: answer }));
  });
}

function requestHead(line: string, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${fields.join("")}\r\n`;
}
