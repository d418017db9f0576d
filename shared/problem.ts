/**
 * The one table of problems that the API reports and the browser understands.
 * Whether a request may be sent again is a property of the problem, not of the caller.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  "bad-request": { status: 400, title: "The request is malformed", retry: false },
  "body-not-json": { status: 400, title: "The body is not JSON", retry: false },
  "body-too-large": { status: 413, title: "The body is too large", retry: false },
  "invalid-name": { status: 400, title: "This file name cannot become a key", retry: false },
  "file-too-large": { status: 400, title: "The file is larger than S3 can hold", retry: false },
  "key-exists": { status: 409, title: "An object with this key exists already", retry: false },
  "id-invalid": { status: 403, title: "This upload ID was not issued by us", retry: false },
  "id-expired": { status: 410, title: "This upload ID has expired", retry: false },
  "not-yours": { status: 403, title: "This upload belongs to someone else", retry: false },
  "upload-live": { status: 409, title: "This upload is being sent right now", retry: false },
  unauthorized: { status: 401, title: "Sign in or present a grant", retry: false },
  forbidden: { status: 403, title: "Your grant does not allow this", retry: false },
  "not-found": { status: 404, title: "Nothing is here", retry: false },
  "upload-gone": { status: 410, title: "The storage no longer knows this upload", retry: false },
  "upload-incomplete": { status: 409, title: "Parts are missing or do not match", retry: false },
  "part-not-in-plan": { status: 400, title: "No such part in this upload", retry: false },
  "checksum-mismatch": { status: 422, title: "The checksum does not match", retry: false },
  "query-failed": { status: 422, title: "The query cannot be answered", retry: false },
  "select-unsupported": { status: 501, title: "The storage answers no queries", retry: false },
  "object-archived": { status: 409, title: "The object is archived", retry: false },
  "precondition-failed": { status: 412, title: "The object changed meanwhile", retry: false },
  "storage-busy": { status: 503, title: "The storage asks to slow down", retry: true },
  "storage-unreachable": { status: 502, title: "The storage cannot be reached", retry: true },
  "storage-denied": { status: 502, title: "The storage refuses our credentials", retry: false },
  "storage-full": { status: 507, title: "The storage is full", retry: false },
  "storage-error": { status: 502, title: "The storage reported an error", retry: true },
  "storage-unsupported": { status: 501, title: "The storage cannot do this", retry: false },
  "configuration-changed": {
    status: 409,
    title: "The bucket's rules changed meanwhile",
    retry: false,
  },
  "bucket-missing": { status: 502, title: "The bucket does not exist", retry: false },
  "identity-unreachable": {
    status: 503,
    title: "The identity provider cannot be reached",
    retry: true,
  },
  "rate-limited": { status: 429, title: "Too many requests", retry: true },
  "shutting-down": { status: 503, title: "The server is restarting", retry: true },
  internal: { status: 500, title: "Something went wrong in the server", retry: true },
} as const satisfies Record<string, { status: number; title: string; retry: boolean }>;

/** One of the codes of the table above. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Whether `text` is one of the codes of the table. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

/** An error that carries a code of the table; routes turn it into problem details. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  /** S3's own error code, where the storage caused this. */
  readonly s3Code: string | undefined;
  /** The parts that are at fault, in order. */
  readonly partNumbers: readonly number[] | undefined;
  /** When it is worth another try, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options?: {
      cause?: unknown;
      s3Code?: string;
      partNumbers?: readonly number[];
      retryAfterSeconds?: number;
    },
  ) {
    super(detail, options && "cause" in options ? { cause: options.cause } : undefined);
    this.name = "ProblemError";
    this.code = code;
    this.s3Code = options?.s3Code;
    this.partNumbers = options?.partNumbers;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}
