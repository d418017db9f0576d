import type { PartRecord, UploadRecord } from "../catalogue/records.ts";
import { defaultChecksumType, objectChecksum } from "../checksum/object-checksum.ts";
import type { Checksum, ChecksumAlgorithm, CompleteOptions } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** A part as it was named and as it is stored. */
export interface ChosenPart extends PartRecord {
  readonly partNumber: number;
}

/**
 * The checksum of the object that `parts` become, held against the one that the client sent.
 * `undefined` where the parts carry different algorithms.
 * @throws BadDigest, InvalidRequest where the client speaks of another algorithm or type
 */
export function completedChecksum(
  upload: UploadRecord,
  parts: readonly ChosenPart[],
  { checksum: expected, checksumType }: CompleteOptions,
): Checksum | undefined {
  const algorithm = upload.checksumAlgorithm ?? commonAlgorithm(parts);
  const type = upload.checksumType ?? (algorithm && defaultChecksumType(algorithm));
  if (checksumType !== undefined && checksumType !== type) throw mismatch("type", type);
  if (expected && expected.algorithm !== algorithm) throw mismatch("algorithm", algorithm);
  if (!algorithm || !type) return undefined;
  const pieces = parts.map(({ checksum, sizeBytes }) => ({
    value: checksum?.value ?? "",
    sizeBytes,
  }));
  const checksum = objectChecksum(algorithm, type, pieces);
  // Clients send a composite value with or without its number of parts.
  const isRight =
    !expected || expected.value === checksum.value || isWithoutCount(expected.value, checksum);
  if (!isRight) {
    const message = `The ${algorithm} you specified did not match the calculated checksum.`;
    throw new S3Error("BadDigest", { message });
  }
  return checksum;
}

function isWithoutCount(value: string, checksum: Checksum): boolean {
  return checksum.type === "COMPOSITE" && checksum.value.split("-")[0] === value;
}

function commonAlgorithm(parts: readonly ChosenPart[]): ChecksumAlgorithm | undefined {
  const algorithm = parts[0]?.checksum?.algorithm;
  return parts.every(({ checksum }) => checksum?.algorithm === algorithm) ? algorithm : undefined;
}

function mismatch(what: string, actual: string | undefined): S3Error {
  return new S3Error("InvalidRequest", {
    message: `The checksum ${what} does not match that of the upload: ${actual ?? "none"}.`,
  });
}
