import { Agent, request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import { sortedPairs } from "../../server/s3/presign-request.ts";
import { createSigner, escapeKey, sha256Hex } from "../../server/s3/signature-v4.ts";
import type { Seat } from "./seat.ts";

/** How a bucket is reached. */
export interface S3Place {
  /** Over plain HTTP, without a slash at its end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const LIFE_SECONDS = 3600;

/** Over S3's protocol, by requests that are signed by hand: the SDK takes longer over each than the store does. */
export function openS3Seat(place: S3Place, connections: number): Seat {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = (method: string, key: string, query: Record<string, string>, bytes?: Uint8Array) =>
    send(agent, `${place.endpoint}${sign(place, method, key, query)}`, method, bytes);
  return {
    async open(key) {
      const answer = await ask("POST", key, { uploads: "" });
      const [, uploadId] = /<UploadId>(.*?)<\/UploadId>/.exec(answer) ?? [];
      if (uploadId === undefined) throw new Error(`No upload ID in ${answer}`);
      return uploadId;
    },
    async putPart(key, uploadId, partNumber, bytes) {
      await ask("PUT", key, { partNumber: String(partNumber), uploadId }, bytes);
    },
    async putObject(key, bytes) {
      await ask("PUT", key, {}, bytes);
    },
    goBack() {
      throw new Error("S3 sets the time itself: use --store-dir for uploads of other days.");
    },
    async close() {
      agent.destroy();
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function sign(
  { endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Place,
  method: string,
  key: string,
  query: Record<string, string>,
): string {
  const now = new Date();
  const signer = createSigner({
    region,
    credentials: { accessKeyId, secretAccessKey },
    expiresInSeconds: LIFE_SECONDS,
    expiresAt: now,
    signingDate: now,
  });
  const path = `/${bucket}/${escapeKey(key).replace(/^\//, "")}`;
  const pairs = sortedPairs({
    ...query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${signer.scope}`,
    "X-Amz-Date": signer.timestamp,
    "X-Amz-Expires": String(LIFE_SECONDS),
    "X-Amz-SignedHeaders": "host",
  }).join("&");
  const host = `host:${new URL(endpoint).host}`;
  const canonical = [method, path, pairs, host, "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", signer.timestamp, signer.scope, sha256Hex(canonical)];
  return `${path}?${pairs}&X-Amz-Signature=${signer.sign(toSign.join("\n"))}`;
}

function send(agent: Agent, url: string, method: string, bytes?: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-length": String(bytes?.length ?? 0) };
    const request = sendRequest(url, { agent, method, headers }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${body}`));
      }, reject);
    });
    request.on("error", reject).end(bytes);
  });
}
