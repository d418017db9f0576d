import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { RESERVED_PREFIX } from "../../shared/reserved-key.ts";
import { removeObject, type Probe } from "../s3/index.ts";
import { faultOf } from "./fault.ts";

/** Where the check-up may write: keys that nobody else has, under our reserved prefix. */
export interface Ground {
  /** @param name of what is tried; where nothing can be deleted the keys are the same every time */
  keyFor(name: string): string;
}

/** Everything that the check-up writes lies here. */
export const CHECKUP_PREFIX = `${RESERVED_PREFIX}checkup/`;

/** Aborting outlives the check that opened the upload, in milliseconds. */
const REMOVAL_TIMEOUT_MS = 5000;

/** Keys of one run; those of a bucket where nothing can be deleted do not become more with each run. */
export function groundFor(mayDelete: boolean): Ground {
  const run = mayDelete ? crypto.randomUUID() : "undeletable";
  return { keyFor: (name) => `${CHECKUP_PREFIX}${run}-${name}` };
}

type Line = Pick<Probe, "client" | "bucket" | "signal">;

/**
 * Writes an object of one byte, and removes it whatever happens.
 * @throws what the storage says to the writing, and what `use` throws
 */
export async function withObject<T>(
  line: Line,
  key: string,
  use: (key: string) => Promise<T>,
  body: string | Uint8Array = "0",
): Promise<T> {
  const { client, bucket: Bucket, signal } = line;
  const command = new PutObjectCommand({ Bucket, Key: key, Body: body });
  await client.send(command, { abortSignal: signal }).catch(async (error) => {
    // Where the answer was lost, the object may be there all the same.
    if (faultOf(error).kind === "silent") await removeObject(line, key);
    throw error;
  });
  try {
    return await use(key);
  } finally {
    await removeObject(line, key);
  }
}

/** An upload that was opened for a trial. */
export interface OpenUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/**
 * Opens an upload, and aborts it whatever happens.
 * @throws what the storage says to the opening, and what `use` throws
 */
export async function withUpload<T>(
  line: Line,
  key: string,
  use: (upload: OpenUpload) => Promise<T>,
): Promise<T> {
  const { client, bucket: Bucket, signal } = line;
  const place = { Bucket, Key: key };
  const command = new CreateMultipartUploadCommand(place);
  const { UploadId = "" } = await client.send(command, { abortSignal: signal });
  try {
    return await use({ ...place, UploadId });
  } finally {
    const abort = new AbortMultipartUploadCommand({ ...place, UploadId });
    await client.send(abort, removal()).catch(() => undefined);
  }
}

function removal() {
  return { abortSignal: AbortSignal.timeout(REMOVAL_TIMEOUT_MS) };
}
