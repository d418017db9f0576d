import type { ChecksumAlgorithm } from "../../../shared/api.ts";

/** What parts are checksummed by, in S3's names. */
export type HashAlgorithm = Exclude<ChecksumAlgorithm, "SHA1">;

/** Checksums of slices of files, computed off the main thread. */
export interface PartHasher {
  /**
   * The checksum of a part in base64 as S3 writes it; the blob is read in bounded memory, and parts are
   * hashed in the order in which they are asked for.
   * @throws the signal's reason; DOMException `NotReadableError`, `NotFoundError` … where the blob cannot be read,
   * `OperationError` where the thread dies, `InvalidStateError` after `close`, `CompileError` for SHA256 where the
   * page's policy forbids WebAssembly
   */
  hash(blob: Blob, algorithm: HashAlgorithm, signal: AbortSignal): Promise<string>;
  /** Stops what is under way, and the thread. */
  close(): void;
}
