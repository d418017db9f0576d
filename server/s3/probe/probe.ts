import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  S3ServiceException,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ProblemError } from "../../../shared/problem.ts";
import { RESERVED_PREFIX } from "../../../shared/reserved-key.ts";
import type { Presigner } from "../presign.ts";

/** How a storage is asked what it can: by small requests, signed and sent as a browser's would be. */
export interface Probe {
  readonly client: S3Client;
  readonly bucket: string;
  /** Signs for the endpoint that the server itself reaches. */
  readonly presigner: Presigner;
  /** Ends all probing: a storage that hangs is not waited for once a question. */
  readonly signal: AbortSignal;
}

/** Nothing of a probe may outlive it; its key says what it was if a crash leaves it behind. */
const KEY_PREFIX = `${RESERVED_PREFIX}probe/`;

/** For removing what a probe made, in milliseconds. */
const REMOVAL_TIMEOUT_MS = 5000;

/** The one byte that every probe sends. */
export const PROBE_BODY = "0";

/** A key that nobody has. */
export function newProbeKey(): string {
  return KEY_PREFIX + crypto.randomUUID();
}

/**
 * Sends a request as a browser would.
 * @throws ProblemError where the storage is unwell; TypeError, or the signal's reason, where no answer comes
 */
export async function send(
  { signal }: Probe,
  url: string,
  request: RequestInit,
): Promise<Response> {
  const response = await fetch(url, { ...request, signal });
  // An answer that is not read holds its connection.
  await response.arrayBuffer();
  if (response.ok || isRefusalStatus(response.status)) return response;
  const code = response.status === 503 ? "storage-busy" : "storage-error";
  throw new ProblemError(code, `The storage answered a probe with ${response.status}.`);
}

/** Removes what a probe made, all versions of it; where that is not allowed, its key says what it was. */
export async function removeObject(
  { client, bucket: Bucket }: Pick<Probe, "client" | "bucket">,
  Key: string,
): Promise<void> {
  const within = { abortSignal: AbortSignal.timeout(REMOVAL_TIMEOUT_MS) };
  try {
    const command = new DeleteObjectCommand({ Bucket, Key });
    const { DeleteMarker } = await client.send(command, within);
    // In a bucket with versions the object is hidden now, and still there.
    if (!DeleteMarker) return;
    const list = new ListObjectVersionsCommand({ Bucket, Prefix: Key });
    const { Versions = [], DeleteMarkers = [] } = await client.send(list, within);
    for (const { VersionId } of [...Versions, ...DeleteMarkers]) {
      await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }), within);
    }
  } catch {
    // Nobody waits for it.
  }
}

/** Gives up an upload that a probe began. */
export async function abortUpload(
  { client, bucket }: Probe,
  Key: string,
  UploadId: string,
): Promise<void> {
  const abortSignal = AbortSignal.timeout(REMOVAL_TIMEOUT_MS);
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId });
  await client.send(command, { abortSignal }).catch(() => undefined);
}

/** Denied or not known: asking again would change nothing. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && isRefusalStatus(error.$metadata.httpStatusCode ?? 0)
  );
}

function isRefusalStatus(status: number): boolean {
  if (status === 408 || status === 429) return false;
  return (status >= 400 && status < 500) || status === 501;
}
