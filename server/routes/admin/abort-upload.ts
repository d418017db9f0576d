import type { AbortUploadsResponse, UploadToAbort } from "../../../shared/admin-api.ts";
import { ProblemError } from "../../../shared/problem.ts";
import type { Storage, StoredObject, UploadAddress } from "../../s3/index.ts";
import { findCompleted } from "../complete-upload.ts";
import type { IssuedStatement } from "../upload-id.ts";
import type { Report, UploadNotes } from "../upload-notes.ts";
import { readRegistered } from "./registered-upload.ts";

/** What aborting needs of the storage. */
export type AbortingStorage = Pick<Storage, "bucket" | "gateway" | "incomplete" | "register">;

/** What became of an upload. */
export type Aborted = Omit<AbortUploadsResponse["results"][number], "problem">;

/**
 * Aborts an upload until the storage lists no part of it. One that was completed meanwhile stays an object.
 * @param evenLive also where it is being sent right now, as the register says at this moment
 * @throws ProblemError `upload-live`, and what the storage says
 */
export async function abortForAdmin(
  { key, uploadId, initiatedAt }: UploadToAbort,
  evenLive: boolean,
  storage: AbortingStorage,
  notes: Pick<UploadNotes, "aborted">,
  report: Report,
): Promise<Aborted> {
  const { gateway, incomplete, register } = storage;
  const upload = { key, uploadId };
  const entry = (await register.lookUp([upload])).of(upload);
  const liveness = incomplete.livenessOf(entry);
  const isAlive = liveness === "uploading";
  // The entry of one that has just been completed may be there for a moment.
  if (isAlive && !evenLive && (await incomplete.heldParts(upload)) !== null) {
    throw new ProblemError("upload-live", `"${key}" is being sent right now; it goes on.`);
  }
  // Whoever completes it takes the entry away, which then tells nothing any more.
  const registered = liveness === "abandoned" ? null : await readRegistered(upload, entry, storage);
  const outcome = await gateway.abortUpload(upload);
  const isCompleted =
    outcome === "gone" && (await becameObject(upload, registered?.statement, initiatedAt, storage));
  await notes.aborted(upload, entry?.fileSizeBytes, report);
  return { ...upload, aborted: !isCompleted, ...(isCompleted ? { completed: true } : {}) };
}

/** An object of ours names its upload; of any other its time has to tell. */
async function becameObject(
  { key }: UploadAddress,
  statement: IssuedStatement | undefined,
  initiatedAt: string | undefined,
  { gateway }: Pick<Storage, "gateway">,
): Promise<boolean> {
  if (statement !== undefined) return (await findCompleted(statement, gateway)) !== null;
  if (initiatedAt === undefined) return false;
  const object = await gateway.headObject(key);
  return object !== null && isOfParts(object) && isSince(object, Date.parse(initiatedAt));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function isOfParts({ etag }: StoredObject): boolean {
  return /-\d+"?$/.test(etag);
}

/** To the second, as headers have it; AWS dates an object of parts by the beginning of its upload. */
function isSince({ lastModified }: StoredObject, initiatedAtMs: number): boolean {
  return lastModified !== undefined && lastModified.getTime() >= initiatedAtMs - 1000;
}
