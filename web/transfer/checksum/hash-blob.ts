import type { HashAlgorithm } from "./part-hasher.ts";
import { createBlobReader } from "./read-blob.ts";
import { createHashes } from "./running-hash.ts";

/**
 * Hashes a blob on this thread, and lets other tasks run in between.
 * @throws the signal's reason; DOMException `NotReadableError`, `NotFoundError` … where the blob cannot be read
 */
export type HashBlob = (
  blob: Blob,
  algorithm: HashAlgorithm,
  signal: AbortSignal,
) => Promise<string>;

/** Makes a `HashBlob` with tables and memory of its own, which all its calls share. */
export function createBlobHash(): HashBlob {
  const hashes = createHashes();
  const readBlob = createBlobReader();
  return async (blob, algorithm, signal) => {
    const hash = await hashes.start(algorithm);
    await readBlob(blob, (bytes) => hash.update(bytes), signal);
    return hash.value();
  };
}
