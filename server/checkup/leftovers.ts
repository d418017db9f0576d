import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { mapConcurrently } from "../../shared/concurrency.ts";
import { removeObject, type DirectAccess } from "../s3/index.ts";
import { CHECKUP_PREFIX } from "./ground.ts";

/** What is in use is younger, in milliseconds: a browser's URL lives for an hour. */
const MIN_AGE_MS = 24 * 60 * 60_000;

/** Removed in one go; the next check-up comes across the others. */
const MAX_REMOVED = 50;

const AT_ONCE = 8;

const LIST_MS = 5000;

/**
 * Removes what check-ups wrote that were cut off, as by a closed browser: no listing of ours shows such objects,
 * and the storage bills them. What cannot be removed stays; nothing is thrown.
 * @param nowMs in milliseconds since 1970
 */
export async function removeLeftovers(
  access: Pick<DirectAccess, "client" | "bucket">,
  nowMs: number,
): Promise<void> {
  const { client, bucket: Bucket } = access;
  const command = new ListObjectsV2Command({ Bucket, Prefix: CHECKUP_PREFIX });
  const listed = client.send(command, { abortSignal: AbortSignal.timeout(LIST_MS) });
  // A bucket that may not be listed is a finding of the check-up itself.
  const { Contents = [] } = await listed.catch(() => ({ Contents: [] }));
  const old = Contents.flatMap(({ Key, LastModified = new Date(nowMs) }) =>
    Key !== undefined && nowMs - LastModified.getTime() > MIN_AGE_MS ? [Key] : [],
  );
  await mapConcurrently(old.slice(0, MAX_REMOVED), AT_ONCE, (key) => removeObject(access, key));
}
