import type { Checksum, CompleteUploadRequest } from "../../shared/api.ts";
import { MIN_PART_SIZE_BYTES } from "../../shared/limits.ts";
import { partRange } from "../../shared/part-plan.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { StoredPart } from "../s3/index.ts";
import type { MultipartStatement } from "./upload-id.ts";

/** Part numbers named in the sentence of a problem; the rest is counted. */
const MAX_NAMED_PARTS = 20;

type GivenPart = NonNullable<CompleteUploadRequest["parts"]>[number];

/** Part numbers by what is wrong with them. */
interface Faults {
  readonly missing: number[];
  readonly corrupt: number[];
  readonly mismatched: number[];
  readonly tooSmall: number[];
  readonly surplus: number[];
}

/**
 * Holds the parts that the storage has, in order, against what the upload ID states and what the client
 * says that it sent, before anything is completed.
 * @throws ProblemError naming the parts: `upload-incomplete`, `checksum-mismatch`, `forbidden`
 */
export function verifyParts(
  statement: MultipartStatement,
  stored: readonly StoredPart[],
  given: readonly GivenPart[] | undefined,
): void {
  const { partCount, sizeBytes, maxBytes } = statement.how;
  const count = partCount ?? lastNumber(given ?? stored);
  const faults = findFaults(statement, stored, given, count);
  explainFaults(count, faults);
  const totalBytes = stored.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes !== null && totalBytes !== sizeBytes) {
    const detail = `The ${count} parts hold ${totalBytes} bytes, and the file has ${sizeBytes}.`;
    throw new ProblemError("upload-incomplete", detail);
  }
  if (maxBytes !== null && totalBytes > maxBytes) {
    throw new ProblemError("forbidden", `Your grant allows files up to ${maxBytes} bytes.`);
  }
}

function lastNumber(parts: readonly { readonly partNumber: number }[]): number {
  return parts.reduce((last, { partNumber }) => Math.max(last, partNumber), 0);
}

function findFaults(
  statement: MultipartStatement,
  stored: readonly StoredPart[],
  given: readonly GivenPart[] | undefined,
  count: number,
): Faults {
  const faults: Faults = { missing: [], corrupt: [], mismatched: [], tooSmall: [], surplus: [] };
  const storedByNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const givenByNumber = given && new Map(given.map((part) => [part.partNumber, part]));
  for (let partNumber = 1; partNumber <= count; partNumber += 1) {
    const part = storedByNumber.get(partNumber);
    const said = givenByNumber?.get(partNumber);
    const isNamed = givenByNumber === undefined || said !== undefined;
    if (part === undefined) faults.missing.push(partNumber);
    else if (!isNamed) faults.surplus.push(partNumber);
    else if (isOtherChecksum(part.checksum, said?.checksum)) faults.corrupt.push(partNumber);
    else if (isOther(part, said)) faults.mismatched.push(partNumber);
    else if (!fits(statement, part, count)) {
      const isSmall = statement.how.partSizes === "free";
      (isSmall ? faults.tooSmall : faults.mismatched).push(partNumber);
    }
  }
  for (const { partNumber } of stored) if (partNumber > count) faults.surplus.push(partNumber);
  return faults;
}

function isOther(part: StoredPart, said: GivenPart | undefined): boolean {
  if (said === undefined) return false;
  const isOtherSize = said.sizeBytes !== undefined && said.sizeBytes !== part.sizeBytes;
  return isOtherSize || unquote(said.etag) !== unquote(part.etag);
}

/** Checksums of different algorithms say nothing of each other. */
function isOtherChecksum(stored: Checksum | undefined, said: Checksum | undefined): boolean {
  return said !== undefined && stored?.algorithm === said.algorithm && stored.value !== said.value;
}

function fits({ how }: MultipartStatement, part: StoredPart, count: number): boolean {
  const { partNumber, sizeBytes: storedBytes } = part;
  const { sizeBytes, partSizeBytes } = how;
  const isLast = partNumber === count;
  if (how.partSizes === "free") return isLast || storedBytes >= MIN_PART_SIZE_BYTES;
  if (sizeBytes === null)
    return isLast ? storedBytes <= partSizeBytes : storedBytes === partSizeBytes;
  const { start, end } = partRange({ sizeBytes, partSizeBytes, partCount: count }, partNumber);
  return storedBytes === end - start;
}

function explainFaults(count: number, faults: Faults): void {
  const { missing, corrupt, mismatched, tooSmall, surplus } = faults;
  if (corrupt.length > 0) {
    const detail = `Of ${count} parts: ${naming("of another checksum", corrupt)}. Send them again.`;
    throw new ProblemError("checksum-mismatch", detail, { partNumbers: corrupt });
  }
  const named = [
    count === 0 ? "there are no parts" : null,
    naming("missing", missing),
    naming("of another size or ETag", mismatched),
    naming("below 5 MiB and not the last", tooSmall),
    naming("stored, but not part of it", surplus),
  ].filter((fault) => fault !== null);
  if (named.length === 0) return;
  const partNumbers = [...missing, ...mismatched, ...tooSmall, ...surplus].toSorted(
    (a, b) => a - b,
  );
  const detail = `Of ${count} parts: ${named.join("; ")}.`;
  throw new ProblemError("upload-incomplete", detail, { partNumbers });
}

function naming(what: string, partNumbers: readonly number[]): string | null {
  if (partNumbers.length === 0) return null;
  const named = partNumbers.slice(0, MAX_NAMED_PARTS).join(", ");
  const more = partNumbers.length - MAX_NAMED_PARTS;
  return `${what}: ${named}${more > 0 ? ` and ${more} more` : ""}`;
}

/** An ETag without its quotes. */
export function unquote(etag: string): string {
  return etag.replaceAll('"', "");
}
