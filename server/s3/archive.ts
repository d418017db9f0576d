import {
  RestoreObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ARCHIVES, type ArchiveName, type RestoreTier } from "../../shared/archive.ts";
import { s3CodeOf, toProblem } from "./s3-error.ts";

/** An object that cannot be read, or only because it was restored. */
export interface ArchiveState {
  readonly archive: ArchiveName;
  readonly state: "archived" | "restoring" | "restored";
  /** How long a restored object can be read, where the storage says so. */
  readonly until?: Date;
}

/** What is asked for when an object is restored. */
export interface RestoreRequest {
  readonly tier: RestoreTier;
  /** How long it can be read, 1 or more; objects of INTELLIGENT_TIERING stay. */
  readonly days: number;
}

const RESTORE_TIMEOUT_MS = 20_000;

/**
 * Whether an object is archived, by what HeadObject says of it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function archiveStateOf({
  StorageClass,
  ArchiveStatus,
  Restore = "",
}: Pick<HeadObjectCommandOutput, "StorageClass" | "ArchiveStatus" | "Restore">):
  ArchiveState | undefined {
  const archive = ARCHIVES.find((name) => name === StorageClass || name === ArchiveStatus);
  if (archive === undefined) return undefined;
  if (/ongoing-request="true"/u.test(Restore)) return { archive, state: "restoring" };
  if (!/ongoing-request="false"/u.test(Restore)) return { archive, state: "archived" };
  const until = new Date(/expiry-date="([^"]*)"/u.exec(Restore)?.[1] ?? "");
  return { archive, state: "restored", ...(!Number.isNaN(until.getTime()) && { until }) };
}

/**
 * Has the storage restore an object; one that is being restored already is no fault.
 * @throws ProblemError as the storage says
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export async function restoreObject(
  client: S3Client,
  Bucket: string,
  Key: string,
  archive: ArchiveName,
  { tier: Tier, days: Days }: RestoreRequest,
): Promise<"restoring" | "restored"> {
  const isMoved = archive === "ARCHIVE_ACCESS" || archive === "DEEP_ARCHIVE_ACCESS";
  const RestoreRequest = { GlacierJobParameters: { Tier }, ...(!isMoved && { Days }) };
  try {
    const { $metadata } = await client.send(
      new RestoreObjectCommand({ Bucket, Key, RestoreRequest }),
      { abortSignal: AbortSignal.timeout(RESTORE_TIMEOUT_MS) },
    );
    return $metadata.httpStatusCode === 200 ? "restored" : "restoring";
  } catch (error) {
    const code = s3CodeOf(error);
    if (code === "RestoreAlreadyInProgress") return "restoring";
    if (code === "ObjectAlreadyInActiveTierError") return "restored";
    throw toProblem(error, "Restore the object");
  }
}
