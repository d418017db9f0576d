/**
 * Checksums in header fields and trailers.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { DIGEST_SIZE_BYTES } from "../checksum/digests.ts";
import type { Checksum, ChecksumAlgorithm, ChecksumType } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import type { HeaderFields } from "./headers.ts";

/** All that the store knows. */
export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = [
  "CRC32",
  "CRC32C",
  "CRC64NVME",
  "SHA1",
  "SHA256",
];

/** `x-amz-checksum-crc32` and so on. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** `ChecksumCRC32` and so on, in XML. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** Where the checksum of a body is said. */
export type DeclaredChecksum =
  | { readonly kind: "header"; readonly algorithm: ChecksumAlgorithm; readonly value: string }
  | { readonly kind: "trailer"; readonly algorithm: ChecksumAlgorithm };

/**
 * Which checksum a request declares for its body.
 * @throws InvalidRequest for two at once, for a malformed value, and where an algorithm is named without a value
 */
export function declaredChecksum(headers: HeaderFields): DeclaredChecksum | undefined {
  const given = CHECKSUM_ALGORITHMS.filter((algorithm) => headers.has(checksumHeader(algorithm)));
  const trailing = trailingChecksum(headers.get("x-amz-trailer"));
  if (given.length + (trailing ? 1 : 0) > 1) {
    throw invalid(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const [algorithm] = given;
  if (algorithm) {
    const value = headers.get(checksumHeader(algorithm)) ?? "";
    requireChecksumValue(algorithm, value);
    return { kind: "header", algorithm, value };
  }
  if (trailing) return { kind: "trailer", algorithm: trailing };
  if (headers.has("x-amz-sdk-checksum-algorithm")) {
    throw invalid(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return undefined;
}

/** @throws InvalidRequest where `value` is no base64 of a digest of `algorithm` */
export function requireChecksumValue(algorithm: ChecksumAlgorithm, value: string): void {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0;
  if (isBase64 && Buffer.from(value, "base64").length === DIGEST_SIZE_BYTES[algorithm]) return;
  throw invalid(`Value for ${checksumHeader(algorithm)} header is invalid.`);
}

/**
 * Decodes the name of an algorithm.
 * @throws InvalidRequest for an unknown one
 */
export function parseChecksumAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.trim().toUpperCase());
  if (algorithm) return algorithm;
  throw invalid(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  );
}

/** Decodes `x-amz-checksum-type`. @throws InvalidRequest for an unknown one */
export function parseChecksumType(name: string): ChecksumType {
  if (name === "FULL_OBJECT" || name === "COMPOSITE") return name;
  throw invalid("Value for x-amz-checksum-type header is invalid.");
}

/** Header fields that tell a stored checksum. */
export function checksumFields(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    "x-amz-checksum-type": checksum.type,
  };
}

function trailingChecksum(names: string | undefined): ChecksumAlgorithm | undefined {
  if (names === undefined) return undefined;
  const listed = names.toLowerCase().split(",");
  const known = CHECKSUM_ALGORITHMS.filter((algorithm) =>
    listed.some((name) => name.trim() === checksumHeader(algorithm)),
  );
  if (known.length !== 1 || listed.length !== 1) {
    throw invalid("The value specified in the x-amz-trailer header is not supported");
  }
  return known[0];
}

function invalid(message: string): S3Error {
  return new S3Error("InvalidRequest", { message });
}
