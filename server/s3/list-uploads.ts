import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { UploadAddress } from "./gateway.ts";
import { toProblem } from "./s3-error.ts";

/** An upload that was neither completed nor aborted, as the storage lists it. */
export interface ListedUpload extends UploadAddress {
  readonly initiatedAt: Date;
  readonly storageClass: string;
  /** As the storage names who opened it. */
  readonly initiator?: string;
}

/** A page of them, in the storage's order. */
export interface ListedUploads {
  readonly uploads: readonly ListedUpload[];
  /** Where the next page begins; `null` where this is the last. */
  readonly next: UploadAddress | null;
}

const LIST_TIMEOUT_MS = 20_000;

/**
 * A page of the bucket's incomplete uploads.
 * @param after where the page before this one ended
 * @param limit 1 to 1,000
 * @throws ProblemError, `storage-busy` where the storage throttles after the client's own tries
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function listUploads(
  client: S3Client,
  Bucket: string,
  prefix: string,
  limit: number,
  after: UploadAddress | null,
): Promise<ListedUploads> {
  const input = {
    Bucket,
    Prefix: prefix,
    MaxUploads: limit,
    ...(after === null ? {} : { KeyMarker: after.key, UploadIdMarker: after.uploadId }),
  };
  try {
    // XML cannot hold every character that a key can.
    const encoded = await ask(client, { ...input, EncodingType: "url" });
    if (encoded.EncodingType === "url") return pageOf(encoded, decodeKey, after);
    // Ceph RGW encodes keys without saying so; others do not, and a key may itself look encoded.
    const isClear = !keysOf(encoded).some((key) => key.includes("%"));
    return pageOf(isClear ? encoded : await ask(client, input), (key) => key, after);
  } catch (error) {
    throw toProblem(error, "List the uploads");
  }
}

function ask(
  client: S3Client,
  input: ListMultipartUploadsCommandInput,
): Promise<ListMultipartUploadsCommandOutput> {
  const abortSignal = AbortSignal.timeout(LIST_TIMEOUT_MS);
  return client.send(new ListMultipartUploadsCommand(input), { abortSignal });
}

function keysOf({ Uploads = [], NextKeyMarker = "" }: ListMultipartUploadsCommandOutput): string[] {
  return [...Uploads.map(({ Key = "" }) => Key), NextKeyMarker];
}

function pageOf(
  page: ListMultipartUploadsCommandOutput,
  decode: (key: string) => string,
  after: UploadAddress | null,
): ListedUploads {
  const next = { key: decode(page.NextKeyMarker ?? ""), uploadId: page.NextUploadIdMarker ?? "" };
  // A server that repeats its marker would have us ask for ever.
  const isOver = next.key === after?.key && next.uploadId === after.uploadId;
  return {
    uploads: (page.Uploads ?? []).map(
      ({ Key = "", UploadId = "", Initiated, StorageClass, Initiator }) => {
        const initiator = Initiator?.DisplayName || Initiator?.ID;
        return {
          key: decode(Key),
          uploadId: UploadId,
          initiatedAt: Initiated ?? new Date(0),
          storageClass: StorageClass ?? "STANDARD",
          ...(initiator ? { initiator } : {}),
        };
      },
    ),
    next: page.IsTruncated && next.key !== "" && !isOver ? next : null,
  };
}

function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll("+", "%20"));
}
