import { S3ServiceException } from "@aws-sdk/client-s3";
import { ProblemError, type ProblemCode } from "../../shared/problem.ts";

/** S3's codes in our terms; what is not listed is judged by its status. */
const PROBLEM_BY_S3_CODE: Readonly<Record<string, ProblemCode>> = {
  NoSuchBucket: "bucket-missing",
  NoSuchKey: "not-found",
  NotFound: "not-found",
  NoSuchUpload: "upload-gone",
  InvalidObjectState: "object-archived",
  PreconditionFailed: "key-exists",
  // A conflict on a conditional completion: S3 wants the whole upload to be sent again.
  ConditionalRequestConflict: "upload-gone",
  InvalidPart: "upload-incomplete",
  InvalidPartOrder: "upload-incomplete",
  EntityTooSmall: "upload-incomplete",
  EntityTooLarge: "file-too-large",
  KeyTooLongError: "invalid-name",
  MetadataTooLarge: "bad-request",
  InvalidStorageClass: "bad-request",
  InvalidArgument: "bad-request",
  BadDigest: "checksum-mismatch",
  AccessDenied: "storage-denied",
  InvalidAccessKeyId: "storage-denied",
  SignatureDoesNotMatch: "storage-denied",
  ExpiredToken: "storage-denied",
  InvalidToken: "storage-denied",
  RequestTimeTooSkewed: "storage-denied",
  AccountProblem: "storage-denied",
  AllAccessDisabled: "storage-denied",
  SlowDown: "storage-busy",
  ServiceUnavailable: "storage-busy",
  RequestTimeout: "storage-busy",
  ThrottlingException: "storage-busy",
  TooManyRequests: "storage-busy",
  QuotaExceeded: "storage-full",
  InsufficientStorage: "storage-full",
  // The SDK reports an error in the body of a 200 as a 503.
  InternalError: "storage-error",
  XMinioStorageFull: "storage-full",
  NotImplemented: "storage-unsupported",
  MethodNotAllowed: "storage-unsupported",
};

const PROBLEM_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: "storage-denied",
  403: "storage-denied",
  404: "not-found",
  405: "storage-unsupported",
  412: "key-exists",
  429: "storage-busy",
  501: "storage-unsupported",
  503: "storage-busy",
  507: "storage-full",
};

/**
 * An SDK error as a problem, keeping S3's own code; the one place where these are translated.
 * @param doing what was tried, for a person: "List the parts"
 */
export function toProblem(error: unknown, doing: string): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof S3ServiceException && hasAnswer(error)) {
    const status = error.$metadata.httpStatusCode ?? 0;
    const s3Code = error.name;
    const code =
      PROBLEM_BY_S3_CODE[s3Code] ?? PROBLEM_BY_STATUS[status] ?? ("storage-error" as const);
    // Some servers leave the message empty.
    const said = error.message === "" ? s3Code : `${s3Code}: ${error.message.replace(/\.$/, "")}`;
    return new ProblemError(code, `${doing}: the storage answered ${said}.`, {
      cause: error,
      s3Code,
    });
  }
  if (isCredentialsFault(error)) {
    const detail =
      `${doing}: the server has no credentials for the storage. Set AWS_ACCESS_KEY_ID and ` +
      "AWS_SECRET_ACCESS_KEY, or another source of the AWS default chain.";
    return new ProblemError("storage-denied", detail, { cause: error });
  }
  return new ProblemError("storage-unreachable", `${doing}: no answer from the storage.`, {
    cause: error,
  });
}

/** S3's own code behind a problem, or `undefined` where the storage said nothing. */
export function s3CodeOf(error: unknown): string | undefined {
  return error instanceof S3ServiceException && hasAnswer(error) ? error.name : undefined;
}

/** The SDK also wraps its own time-outs in the service's exception: those carry no status. */
function hasAnswer(error: S3ServiceException): boolean {
  return error.$metadata.httpStatusCode !== undefined;
}

function isCredentialsFault(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === "CredentialsProviderError" || error.name === "TokenProviderError")
  );
}
