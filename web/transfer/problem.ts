import type { Problem } from "../../shared/api.ts";
import { isProblemCode, PROBLEMS } from "../../shared/problem.ts";
import { parseRetryAfterMs } from "../../shared/retry.ts";
import type { PartResponse } from "./line/part-transport.ts";
import type { UploadProblem } from "./upload-view.ts";

/**
 * What to do about a failure:
 * `retry` the same again later; `resign` the same with a fresh URL; `reopen` look what the storage
 * holds; `permanent` nothing without a person.
 */
export type Remedy = "retry" | "resign" | "reopen" | "permanent";

/** What a failure may carry besides its code. */
export interface FailureFacts {
  readonly cause?: unknown;
  readonly throttled?: boolean;
  /** Stopped by us, because nothing moved. */
  readonly stalled?: boolean;
  readonly retryAfterMs?: number | null;
  readonly s3Code?: string | undefined;
  readonly requestId?: string | undefined;
}

/** A failure with its code and its remedy. */
export class TransferError extends Error {
  /** A code of `shared/problem.ts`, or one that only a browser can find out. */
  readonly code: string;
  readonly remedy: Remedy;
  readonly facts: FailureFacts;

  constructor(code: string, remedy: Remedy, detail: string, facts: FailureFacts = {}) {
    super(detail, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "TransferError";
    this.code = code;
    this.remedy = remedy;
    this.facts = facts;
  }
}

/** Any failure as one with a code; what nobody foresaw is `internal` and permanent. */
export function toTransferError(error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new TransferError("internal", "permanent", detail, { cause: error });
}

/** A failure as the page is told of it. */
export function toUploadProblem(error: TransferError): UploadProblem {
  const { s3Code, requestId } = error.facts;
  return {
    code: error.code,
    detail: error.message,
    ...(s3Code !== undefined && { s3Code }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** What a failed answer of the backend means; `problem` is undefined where a proxy answered instead. */
export function errorFromBackend(
  status: number,
  problem: Problem | undefined,
  retryAfterMs: number | null,
): TransferError {
  const code = problem?.code ?? (status >= 500 ? "server-unreachable" : "internal");
  const detail = problem?.detail ?? `The server answered with status ${status}`;
  return new TransferError(code, remedyForBackend(status, code), detail, {
    throttled: status === 429 || code === "storage-busy",
    retryAfterMs,
    s3Code: problem?.s3Code,
    requestId: problem?.requestId,
  });
}

function remedyForBackend(status: number, code: string): Remedy {
  if (code === "upload-gone" || code === "upload-incomplete") return "reopen";
  const isTemporary = isProblemCode(code)
    ? PROBLEMS[code].retry
    : status >= 500 || status === 429 || status === 408;
  return isTemporary ? "retry" : "permanent";
}

/** S3's codes that say "send it again" under a status that would not. */
const TEMPORARY_S3_CODES: ReadonlySet<string> = new Set([
  "RequestTimeout",
  "IncompleteBody",
  "BadDigest",
  "ConditionalRequestConflict",
  "OperationAborted",
]);

/** S3's codes that a fresh signature may mend, under whatever status. */
const SIGNATURE_S3_CODES: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "RequestTimeTooSkewed",
  "AuthorizationQueryParametersError",
]);

/**
 * What a failed answer of the storage to a PUT or POST means.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function errorFromStorage(response: PartResponse, now: number): TransferError {
  const { status } = response;
  const s3Code = elementOf(response.body, "Code");
  const said = elementOf(response.body, "Message") ?? "no message";
  const [code, remedy] = verdictOnStorage(status, s3Code ?? "");
  const detail = `The storage answered ${status} ${s3Code ?? ""} (${said})`;
  return new TransferError(code, remedy, detail, {
    throttled: code === "storage-busy",
    retryAfterMs: parseRetryAfterMs(response.retryAfter, now),
    s3Code,
    requestId: elementOf(response.body, "RequestId"),
  });
}

function verdictOnStorage(status: number, s3Code: string): readonly [string, Remedy] {
  if (s3Code === "NoSuchBucket") return ["bucket-missing", "permanent"];
  if (SIGNATURE_S3_CODES.has(s3Code)) return ["storage-denied", "resign"];
  if (TEMPORARY_S3_CODES.has(s3Code)) return ["storage-error", "retry"];
  // RGW says NoSuchKey where S3 says NoSuchUpload.
  if (status === 404) return ["upload-gone", "reopen"];
  if (status === 401 || status === 403) return ["storage-denied", "resign"];
  if (status === 412) return ["key-exists", "permanent"];
  if (status === 429 || status === 503) return ["storage-busy", "retry"];
  if (status === 507) return ["storage-full", "permanent"];
  if (status === 408 || status >= 500) return ["storage-error", "retry"];
  return ["storage-refused", "permanent"];
}

/** The text of an element of S3's flat error XML; a browser's parser is no part of this room. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]{1,512})</${name}>`).exec(xml)?.[1];
}
