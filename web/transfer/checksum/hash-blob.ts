import type { HashAlgorithm } from "./part-hasher.ts";
import { createBlobReader } from "./read-blob.ts";
import { createHashes, type RunningHash } from "./running-hash.ts";

/**
 * Hashes a blob on this thread, and lets other tasks run in between.
 * @throws the signal's reason; DOMException `NotReadableError`, `NotFoundError` … where the blob cannot be read
 */
export type HashBlob = (
  blob: Blob,
  algorithm: HashAlgorithm,
  signal: AbortSignal,
) => Promise<string>;

/**
 * The same for each of the pieces of a blob that follow one another.
 * @param sizesBytes of all pieces; together they are the blob
 */
export type HashPieces = (
  blob: Blob,
  sizesBytes: readonly number[],
  algorithm: HashAlgorithm,
  signal: AbortSignal,
) => Promise<string[]>;

/** Makes a `HashBlob` with tables and memory of its own, which all its calls share. */
export function createBlobHash(): HashBlob {
  const hashPieces = createPiecesHash();
  return async (blob, ...how) => {
    const [value = ""] = await hashPieces(blob, [blob.size], ...how);
    return value;
  };
}

/** Makes a `HashPieces` with tables and memory of its own, which all its calls share. */
export function createPiecesHash(): HashPieces {
  const hashes = createHashes();
  const readBlob = createBlobReader();
  return async (blob, sizesBytes, algorithm, signal) => {
    const pieces = await Promise.all(sizesBytes.map(() => hashes.start(algorithm)));
    await readBlob(blob, deal(pieces, sizesBytes), signal);
    return pieces.map((piece) => piece.value());
  };
}

/** Deals bytes out to the pieces that they belong to. */
function deal(
  pieces: readonly RunningHash[],
  sizesBytes: readonly number[],
): (bytes: Uint8Array) => void {
  let index = 0;
  let leftBytes = sizesBytes[0] ?? 0;
  return (bytes) => {
    for (let rest = bytes; rest.length > 0 && index < pieces.length;) {
      while (leftBytes === 0 && index < pieces.length) leftBytes = sizesBytes[++index] ?? 0;
      const its = rest.subarray(0, leftBytes);
      pieces[index]?.update(its);
      leftBytes -= its.length;
      rest = rest.subarray(its.length);
    }
  };
}
