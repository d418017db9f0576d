import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { toProblem } from "./s3-error.ts";

/** What is listed, and how much of it. */
export interface Listing {
  readonly prefix: string;
  /** Keys that go on with it behind the prefix are rolled up into one. */
  readonly delimiter?: string;
  /** Keys and rolled-up prefixes in a page, 1 to 1,000. */
  readonly limit: number;
  /** Where a page before this one ended, as the storage said it. */
  readonly cursor?: string;
  /** Of a first page: only keys behind it. */
  readonly startAfter?: string;
  /** Of whoever waits for it. */
  readonly signal?: AbortSignal;
}

/** An object as a listing has it. */
export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly storageClass: string;
}

/** A page of a listing, in the order of the keys. */
export interface ListedPage {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  /** Where the next page begins; `null` where this is the last. */
  readonly nextCursor: string | null;
}

const LIST_TIMEOUT_MS = 20_000;

/**
 * A page of the bucket's keys.
 * @throws ProblemError `bad-request` for a cursor that the storage does not know, and what the storage says
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listObjects(
  client: S3Client,
  Bucket: string,
  { prefix, delimiter, limit, cursor, startAfter, signal }: Listing,
): Promise<ListedPage> {
  const command = new ListObjectsV2Command({
    Bucket,
    Prefix: prefix,
    MaxKeys: limit,
    // XML cannot hold every character that a key can.
    EncodingType: "url",
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
    ...(cursor === undefined ? {} : { ContinuationToken: cursor }),
    ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
  });
  try {
    const timeout = AbortSignal.timeout(LIST_TIMEOUT_MS);
    const abortSignal = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const page = await client.send(command, { abortSignal });
    const decode = page.EncodingType === "url" ? decodeKey : (text: string) => text;
    return {
      objects: (page.Contents ?? []).map(
        ({ Key = "", Size, ETag, LastModified, StorageClass }) => ({
          key: decode(Key),
          sizeBytes: Size ?? 0,
          etag: ETag ?? "",
          lastModified: LastModified ?? new Date(0),
          storageClass: StorageClass ?? "STANDARD",
        }),
      ),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => decode(Prefix)),
      nextCursor: (page.IsTruncated && page.NextContinuationToken) || null,
    };
  } catch (error) {
    throw toProblem(error, "List the objects");
  }
}

function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll("+", "%20"));
}
