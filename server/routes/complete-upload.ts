import type { Checksum, CompleteUploadRequest, CompleteUploadResponse } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";
import type {
  Capabilities,
  Storage,
  StoredObject,
  StoredPart,
  UploadGateway,
} from "../s3/index.ts";
import { tagOf } from "./object-headers.ts";
import { unquote, verifyParts } from "./verify-parts.ts";
import { isMultipart, type MultipartStatement, type UploadStatement } from "./upload-id.ts";

/** What completing needs of the storage. */
export type CompletionPorts = Pick<Storage, "gateway" | "capabilities">;

/**
 * Completes an upload and confirms what the storage now holds. Repeating it, also after an answer
 * that was lost, gives the same receipt.
 * @throws ProblemError `upload-incomplete` naming the parts, `upload-gone`, `key-exists`, `checksum-mismatch`
 */
export async function completeUpload(
  statement: UploadStatement,
  request: CompleteUploadRequest,
  storage: CompletionPorts,
): Promise<CompleteUploadResponse> {
  const { object, checksum } = isMultipart(statement)
    ? { object: await completeMultipart(statement, request, storage), checksum: request.checksum }
    : {
        object: await confirmSingle(statement, request, storage.gateway),
        // Its one part is the file.
        checksum: request.checksum ?? request.parts?.[0]?.checksum,
      };
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
  { key, tag }: Pick<UploadStatement, "key" | "tag">,
  gateway: UploadGateway,
): Promise<StoredObject | null> {
  const object = await gateway.headObject(key);
  return object !== null && tagOf(object) === tag ? object : null;
}

async function completeMultipart(
  statement: MultipartStatement,
  { parts, checksum }: CompleteUploadRequest,
  storage: CompletionPorts,
): Promise<StoredObject> {
  const { gateway } = storage;
  const { key, how } = statement;
  const upload = { key, uploadId: how.uploadId };
  const stored = await gateway.listParts(upload);
  if (stored === null) return receiptOf(await findCompleted(statement, gateway));
  verifyParts(statement, stored, parts);
  const known = await storage.capabilities().catch(() => null);
  const ifAbsent = statement.ifAbsent && (await isLeftToStorage(statement, storage, known));
  const declared = how.declared ?? undefined;
  const isVerified = checksum !== undefined && verifies(checksum, statement, known);
  try {
    await gateway.completeUpload(upload, stored, {
      ifAbsent,
      declared,
      ...(isVerified ? { checksum } : {}),
    });
  } catch (error) {
    return afterFailure(error, statement, gateway);
  }
  return confirmSize(statement, stored, await gateway.headObject(key));
}

/** Whether the storage holds a checksum of the whole file against the parts before it makes an object of them. */
function verifies(
  { algorithm }: Checksum,
  { how }: MultipartStatement,
  known: Capabilities | null,
): boolean {
  const { checksum } = known ?? {};
  return (
    how.declared === algorithm ||
    (checksum?.verifiedAtCompletion === true && checksum.algorithm === algorithm)
  );
}

/**
 * Whether the storage itself refuses a taken key. Where that is not certain we look first: hours may
 * lie between the choice of a key and its completion, in which another upload of the name has ended.
 * @throws ProblemError `key-exists`
 */
async function isLeftToStorage(
  { key, tag }: UploadStatement,
  storage: CompletionPorts,
  known: Capabilities | null,
): Promise<boolean> {
  if (known?.conditionalWrites === true) return true;
  const object = await storage.gateway.headObject(key);
  if (object !== null && tagOf(object) !== tag) {
    throw new ProblemError("key-exists", `"${key}" has come into being since the upload began.`);
  }
  return known === null;
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

async function confirmSingle(
  statement: UploadStatement,
  { parts: given }: CompleteUploadRequest,
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

function totalOf(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
