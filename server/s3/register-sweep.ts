import type { S3Client } from "@aws-sdk/client-s3";
import { mapConcurrently } from "../../shared/concurrency.ts";
import { addUpParts } from "./held-parts.ts";
import { addressOf, removeEntries } from "./register.ts";
import type { RegisterEntry } from "./register-lookup.ts";

/** Removes those of some entries whose uploads are gone, behind the back of whoever came across them. */
export type RegisterSweep = (entries: readonly RegisterEntry[]) => void;

/** An upload may have been opened since the listing that does not have it; in milliseconds. */
const MIN_AGE_MS = 60 * 60_000;

/** Entries looked at in one go; a later listing comes across the others again. */
const MAX_PER_SWEEP = 200;

const AT_ONCE = 4;

/**
 * Sweeps one at a time.
 * @param nowMs by the storage's clock, in milliseconds since 1970
 */
export function createRegisterSweep(
  client: S3Client,
  bucket: string,
  nowMs: () => number,
): RegisterSweep {
  let isSweeping = false;
  return (entries) => {
    if (isSweeping) return;
    const old = entries.filter(({ heardAt }) => nowMs() - heardAt.getTime() > MIN_AGE_MS);
    isSweeping = true;
    mapConcurrently(old.slice(0, MAX_PER_SWEEP), AT_ONCE, (entry) =>
      removeIfGone(client, bucket, entry),
    )
      // What stays costs a few bytes until the next listing comes across it.
      .catch(() => undefined)
      .finally(() => (isSweeping = false));
  };
}

async function removeIfGone(client: S3Client, bucket: string, entry: RegisterEntry): Promise<void> {
  const address = await addressOf(client, bucket, entry);
  if (address === null || (await addUpParts(client, bucket, address)) !== null) return;
  await removeEntries(client, bucket, entry.names);
}
