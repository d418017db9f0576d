import { ListPartsCommand, type ListPartsCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { isUnknownUpload, type UploadAddress } from "./gateway.ts";
import { toProblem } from "./s3-error.ts";

/** What the storage holds of an upload. */
export interface HeldParts {
  readonly partCount: number;
  readonly sizeBytes: number;
  /** `null` where it has no part. */
  readonly lastPartAt: Date | null;
  /** When a lifecycle rule ends it, as the storage itself says. */
  readonly abortsAt: Date | null;
}

const CALL_MS = 20_000;

const NOTHING: HeldParts = { partCount: 0, sizeBytes: 0, lastPartAt: null, abortsAt: null };

/**
 * Adds up an upload's parts, a page of at most 1,000 at a time; `null` where the storage does not know it.
 * @throws ProblemError
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
export async function addUpParts(
  client: S3Client,
  Bucket: string,
  { key: Key, uploadId: UploadId }: UploadAddress,
): Promise<HeldParts | null> {
  let held = NOTHING;
  let marker: string | undefined;
  try {
    do {
      const start = marker === undefined ? {} : { PartNumberMarker: marker };
      const page: ListPartsCommandOutput = await client.send(
        new ListPartsCommand({ Bucket, Key, UploadId, ...start }),
        { abortSignal: AbortSignal.timeout(CALL_MS) },
      );
      held = withPage(held, page);
      const next = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      // A server that repeats its marker would have us ask for ever.
      marker = next === marker ? undefined : next;
    } while (marker !== undefined && marker !== "0");
    return held;
  } catch (error) {
    if (isUnknownUpload(error)) return null;
    throw toProblem(error, "List the parts");
  }
}

function withPage(held: HeldParts, { Parts = [], AbortDate }: ListPartsCommandOutput): HeldParts {
  const last = Math.max(
    held.lastPartAt?.getTime() ?? -Infinity,
    ...Parts.map(({ LastModified }) => LastModified?.getTime() ?? -Infinity),
  );
  return {
    partCount: held.partCount + Parts.length,
    sizeBytes: Parts.reduce((sum, { Size = 0 }) => sum + Size, held.sizeBytes),
    lastPartAt: last === -Infinity ? null : new Date(last),
    abortsAt: AbortDate ?? held.abortsAt,
  };
}
