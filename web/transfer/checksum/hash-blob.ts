import type { HashAlgorithm } from "./part-hasher.ts";
import { createHashes } from "./running-hash.ts";

/** Bytes read at once. */
const READ_SIZE_BYTES = 1024 * 1024;

/**
 * Hashes a blob on this thread, piece by piece, and lets other tasks run in between.
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
  return async (blob, algorithm, signal) => {
    signal.throwIfAborted();
    const hash = await hashes.start(algorithm);
    for (let start = 0; start < blob.size; start += READ_SIZE_BYTES) {
      const bytes = await blob.slice(start, start + READ_SIZE_BYTES).arrayBuffer();
      signal.throwIfAborted();
      hash.update(new Uint8Array(bytes));
    }
    return hash.value();
  };
}
