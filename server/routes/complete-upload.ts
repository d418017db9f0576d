import type { CompleteUploadRequest, CompleteUploadResponse } from "../../shared/api.ts";
import { MIN_PART_SIZE_BYTES } from "../../shared/limits.ts";
import { partRange } from "../../shared/part-plan.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { Storage, StoredObject, StoredPart, UploadGateway } from "../s3/index.ts";
import { keepsConditions } from "./conditions.ts";
import { tagOf } from "./object-headers.ts";
import { isMultipart, type MultipartStatement, type UploadStatement } from "./upload-id.ts";

/** Part numbers named in a problem; the rest is counted. */
const MAX_NAMED_PARTS = 20;

/** What completing needs of the storage. */
export type CompletionPorts = Pick<Storage, "gateway" | "capabilities">;

type GivenParts = CompleteUploadRequest["parts"];

/**
 * Completes an upload and confirms what the storage now holds. Repeating it, also after an answer
 * that was lost, gives the same receipt.
 * @throws ProblemError `upload-incomplete` naming the parts, `upload-gone`, `key-exists`, `checksum-mismatch`
 */
export async function completeUpload(
  statement: UploadStatement,
  { parts, checksum }: CompleteUploadRequest,
  storage: CompletionPorts,
): Promise<CompleteUploadResponse> {
  const object = isMultipart(statement)
    ? await completeMultipart(statement, parts, storage)
    : await confirmPut(statement, parts, storage.gateway);
  requireChecksum(object, checksum);
  return {
    key: statement.key,
    sizeBytes: object.sizeBytes,
    etag: object.etag,
    ...(object.checksum === undefined ? {} : { checksum: object.checksum }),
    ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
  };
}

/** The object that this upload became, or `null` where there is none (any more). */
export async function findCompleted(
  { key, tag }: UploadStatement,
  gateway: UploadGateway,
): Promise<StoredObject | null> {
  const object = await gateway.headObject(key);
  return object !== null && tagOf(object) === tag ? object : null;
}

async function completeMultipart(
  statement: MultipartStatement,
  given: GivenParts,
  storage: CompletionPorts,
): Promise<StoredObject> {
  const { gateway } = storage;
  const { key, how } = statement;
  const upload = { key, uploadId: how.uploadId };
  const stored = await gateway.listParts(upload);
  if (stored === null) return receiptOf(await findCompleted(statement, gateway));
  requirePlan(statement, stored, given);
  const ifAbsent = statement.ifAbsent && (await isLeftToStorage(statement, storage));
  try {
    await gateway.completeUpload(upload, stored, ifAbsent);
  } catch (error) {
    return afterFailure(error, statement, gateway);
  }
  return confirmSize(statement, stored, await gateway.headObject(key));
}

/**
 * Whether the storage itself refuses a taken key. Where that is not certain we look first: hours may
 * lie between the choice of a key and its completion, in which another upload of the name has ended.
 * @throws ProblemError `key-exists`
 */
async function isLeftToStorage(
  { key, tag }: UploadStatement,
  storage: CompletionPorts,
): Promise<boolean> {
  const keeps = await keepsConditions(storage);
  if (keeps === true) return true;
  const object = await storage.gateway.headObject(key);
  if (object !== null && tagOf(object) !== tag) {
    throw new ProblemError("key-exists", `"${key}" has come into being since the upload began.`);
  }
  return keeps === null;
}

/** An answer may have been lost, or another request of the same upload was first. */
async function afterFailure(
  error: unknown,
  statement: MultipartStatement,
  gateway: UploadGateway,
): Promise<StoredObject> {
  const upload = { key: statement.key, uploadId: statement.how.uploadId };
  const isOpen = (await gateway.listParts(upload)) !== null;
  const object = isOpen ? null : await findCompleted(statement, gateway);
  if (object === null) throw error;
  return object;
}

function receiptOf(object: StoredObject | null): StoredObject {
  if (object !== null) return object;
  throw new ProblemError(
    "upload-gone",
    "The storage knows neither this upload nor an object that it became.",
  );
}

function confirmSize(
  { key }: MultipartStatement,
  stored: readonly StoredPart[],
  object: StoredObject | null,
): StoredObject {
  const sizeBytes = totalOf(stored);
  if (object?.sizeBytes === sizeBytes) return object;
  throw new ProblemError(
    "storage-error",
    `The storage completed "${key}" but holds ${object?.sizeBytes ?? "no"} bytes of ${sizeBytes}.`,
  );
}

function requirePlan(
  statement: MultipartStatement,
  stored: readonly StoredPart[],
  given: GivenParts,
): void {
  const sizes = new Map(stored.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]));
  const { partCount, maxBytes } = statement.how;
  const count = partCount ?? given?.length ?? stored.length;
  const missing: number[] = [];
  const mismatched: number[] = [];
  for (let partNumber = 1; partNumber <= count; partNumber += 1) {
    const size = sizes.get(partNumber);
    if (size === undefined) missing.push(partNumber);
    else if (!fitsPlan(statement, partNumber, size, count)) mismatched.push(partNumber);
  }
  const etags = new Map(stored.map(({ partNumber, etag }) => [partNumber, unquote(etag)]));
  for (const { partNumber, etag } of given ?? []) {
    if (etags.has(partNumber) && etags.get(partNumber) !== unquote(etag)) {
      mismatched.push(partNumber);
    }
  }
  const surplus = stored.map(({ partNumber }) => partNumber).filter((number) => number > count);
  explainParts(count, missing, [...new Set(mismatched)], surplus);
  if (maxBytes !== null && totalOf(stored) > maxBytes) {
    throw new ProblemError("forbidden", `Your grant allows files up to ${maxBytes} bytes.`);
  }
}

function fitsPlan(
  { how }: MultipartStatement,
  partNumber: number,
  storedBytes: number,
  partCount: number,
): boolean {
  const { sizeBytes, partSizeBytes } = how;
  if (sizeBytes === null) return partNumber === partCount || storedBytes >= MIN_PART_SIZE_BYTES;
  const { start, end } = partRange({ sizeBytes, partSizeBytes, partCount }, partNumber);
  return storedBytes === end - start;
}

function explainParts(
  count: number,
  missing: readonly number[],
  mismatched: readonly number[],
  surplus: readonly number[],
): void {
  const faults = [
    count === 0 ? "there are no parts" : null,
    naming("missing", missing),
    naming("of another size or ETag", mismatched),
    naming("not in the plan", surplus),
  ].filter((fault) => fault !== null);
  if (faults.length === 0) return;
  throw new ProblemError("upload-incomplete", `Of ${count} parts: ${faults.join("; ")}.`);
}

function naming(what: string, partNumbers: readonly number[]): string | null {
  if (partNumbers.length === 0) return null;
  const named = partNumbers.slice(0, MAX_NAMED_PARTS).join(", ");
  const more = partNumbers.length - MAX_NAMED_PARTS;
  return `${what}: ${named}${more > 0 ? ` and ${more} more` : ""}`;
}

async function confirmPut(
  statement: UploadStatement,
  given: GivenParts,
  gateway: UploadGateway,
): Promise<StoredObject> {
  const { key, how } = statement;
  const object = await gateway.headObject(key);
  if (object === null) throw new ProblemError("upload-incomplete", `"${key}" did not arrive.`);
  if (tagOf(object) !== statement.tag) {
    if (statement.ifAbsent) throw new ProblemError("key-exists", `"${key}" is another object.`);
    throw new ProblemError("upload-incomplete", `"${key}" is not of this upload (yet).`);
  }
  const etag = given?.[0]?.etag;
  const isSame = etag === undefined || unquote(etag) === unquote(object.etag);
  if (object.sizeBytes === how.sizeBytes && isSame) return object;
  throw new ProblemError(
    "upload-incomplete",
    `"${key}" holds ${object.sizeBytes} bytes with ETag ${object.etag}, not what was announced.`,
  );
}

function requireChecksum(object: StoredObject, expected: CompleteUploadRequest["checksum"]): void {
  if (expected === undefined || object.checksum?.algorithm !== expected.algorithm) return;
  if (object.checksum.value === expected.value) return;
  throw new ProblemError(
    "checksum-mismatch",
    `The storage computed ${expected.algorithm} ${object.checksum.value}, not ${expected.value}. ` +
      "The object is there, but it is not the file.",
  );
}

function unquote(etag: string): string {
  return etag.replaceAll('"', "");
}

function totalOf(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
