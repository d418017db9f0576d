import {
  CompleteMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { xmlError } from "../scripted-s3.ts";

/** What is wrong with a storage; looked up at each request. */
export interface Faults {
  /** IAM actions that are refused; `all`: every one. */
  denies?: ReadonlySet<string> | "all";
  /** Conditions of writes are ignored. */
  ignoresConditions?: boolean;
  /** A completion is refused where parts but the last are of different sizes. */
  wantsEqualParts?: boolean;
  /** No room is left. */
  isFull?: boolean;
  /** Added to the time that answers name, in milliseconds. */
  aheadMs?: number;
}

/** An S3 server with faults. */
export interface FaultyProxy {
  /** Without a slash at its end. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Stands in front of an S3 server on a free port. The Host stays as it came: it is signed.
 * @param behind signs anew what is sent on without its conditions
 */
export async function startFaultyProxy(
  behind: { readonly endpoint: string; readonly client: S3Client },
  faults: Faults,
): Promise<FaultyProxy> {
  const partSizes = new Map<string, number[]>();
  const server = createServer((incoming, response) => {
    const refusal = refusalOf(incoming, faults, partSizes);
    if (refusal !== null) {
      incoming.resume().on("end", () => xmlError(response, ...refusal));
    } else if (faults.ignoresConditions && isConditionalWrite(incoming)) {
      void withoutConditions(incoming, response, behind.client);
    } else forward(incoming, response, behind.endpoint, faults);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  behind: string,
  { aheadMs = 0 }: Faults,
): void {
  const { hostname, port } = new URL(behind);
  const { method, headers, url: path } = incoming;
  const onward = request({ hostname, port, method, headers, path }, (answer) => {
    const date = new Date(Date.now() + aheadMs).toUTCString();
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
}

/** Status and code of the answer to a request that these faults refuse. */
function refusalOf(
  incoming: IncomingMessage,
  { denies = new Set(), isFull, wantsEqualParts }: Faults,
  partSizes: Map<string, number[]>,
): [number, string] | null {
  const query = queryOf(incoming);
  const action = actionOf(incoming.method ?? "", incoming.url ?? "", query);
  // A preflight has no signature, and nobody's permission is asked for.
  const isDenied = denies === "all" ? incoming.method !== "OPTIONS" : denies.has(action);
  if (isDenied) return [403, "AccessDenied"];
  if (isFull && action === "s3:PutObject") return [507, "InsufficientStorage"];
  if (!wantsEqualParts) return null;
  const uploadId = query.get("uploadId") ?? "";
  const sizes = partSizes.get(uploadId) ?? [];
  if (query.has("partNumber")) {
    sizes[Number(query.get("partNumber")) - 1] = Number(incoming.headers["content-length"]);
    partSizes.set(uploadId, sizes);
  }
  const isCompletion = incoming.method === "POST" && uploadId !== "";
  return isCompletion && new Set(sizes.slice(0, -1)).size > 1 ? [400, "InvalidPart"] : null;
}

function actionOf(method: string, path: string, query: URLSearchParams): string {
  const isBucket = !/^\/[^/?]+\/[^?]/.test(path);
  if (query.has("uploadId") && method === "GET") return "s3:ListMultipartUploadParts";
  if (query.has("uploadId") && method === "DELETE") return "s3:AbortMultipartUpload";
  if (query.has("uploads") && method === "GET") return "s3:ListBucketMultipartUploads";
  if (query.has("cors") && method === "GET") return "s3:GetBucketCORS";
  if (isBucket) return query.has("list-type") ? "s3:ListBucket" : "other";
  if (method === "PUT" || method === "POST") return "s3:PutObject";
  return method === "DELETE" ? "s3:DeleteObject" : "s3:GetObject";
}

function queryOf({ url = "/" }: IncomingMessage): URLSearchParams {
  return new URL(url, "http://proxy").searchParams;
}

function isConditionalWrite({ method, headers }: IncomingMessage): boolean {
  const isWrite = method === "PUT" || method === "POST";
  return isWrite && (headers["if-none-match"] ?? headers["if-match"]) !== undefined;
}

/** The same request without its conditions, which were signed. */
async function withoutConditions(
  incoming: IncomingMessage,
  response: ServerResponse,
  client: S3Client,
): Promise<void> {
  const [, Bucket = "", ...rest] = new URL(incoming.url ?? "/", "http://proxy").pathname.split("/");
  const place = { Bucket, Key: decodeURIComponent(rest.join("/")) };
  const UploadId = queryOf(incoming).get("uploadId");
  const url =
    UploadId === null
      ? await getSignedUrl(client, new PutObjectCommand(place))
      : await getSignedUrl(client, new CompleteMultipartUploadCommand({ ...place, UploadId }));
  const body = new Uint8Array(await buffer(incoming));
  const answer = await fetch(url, { method: incoming.method ?? "PUT", body });
  response.writeHead(answer.status, { etag: answer.headers.get("etag") ?? "" });
  response.end(await answer.text());
}
