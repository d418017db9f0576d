import { S3ServiceException } from "@aws-sdk/client-s3";
import { ProblemError } from "../../shared/problem.ts";
import { s3CodeOf, toProblem } from "../s3/index.ts";

/** Why a request got no answer that helps. */
export interface Fault {
  /**
   * `denied`: these credentials may not. `unsupported`: the storage knows no such request. `absent`: what was
   * asked about is not there. `refused`: any other answer of 400 to 499. `full`: no room is left. `broken`:
   * any other answer. `silent`: none came.
   */
  readonly kind: "denied" | "unsupported" | "absent" | "refused" | "full" | "broken" | "silent";
  /** What came back, as "403 AccessDenied: Access Denied". */
  readonly said: string;
}

/** Codes by which storages say that they know no such request; others say so by a status. */
const UNKNOWN_REQUEST: ReadonlySet<string> = new Set([
  "NotImplemented",
  "MethodNotAllowed",
  "UnsupportedOperation",
  "NotSupported",
  "XNotImplemented",
]);

/** What came of a request that threw. */
export function faultOf(thrown: unknown): Fault {
  const error = thrown instanceof ProblemError && thrown.cause ? thrown.cause : thrown;
  const s3Code = s3CodeOf(error);
  if (error instanceof S3ServiceException && s3Code !== undefined) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return { kind: kindOf(error, s3Code, status), said: sayAnswer(status, s3Code, error.message) };
  }
  // A storage that answered a browser's request, or that answered nonsense.
  if (error instanceof ProblemError) return { kind: "broken", said: bare(error.message) };
  return { kind: "silent", said: saySilence(error) };
}

function kindOf(error: S3ServiceException, s3Code: string, status: number): Fault["kind"] {
  if (toProblem(error, "").code === "storage-full") return "full";
  if (UNKNOWN_REQUEST.has(s3Code) || status === 501 || status === 405) return "unsupported";
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "absent";
  return status >= 400 && status < 500 && status !== 429 ? "refused" : "broken";
}

/** A HEAD has no body: the SDK makes up a code that says nothing, or repeats the status. */
function sayAnswer(status: number, s3Code: string, message: string): string {
  const said = /^(Unknown|UnknownError|\d+)$/.test(s3Code) ? "" : ` ${s3Code}`;
  const isTold = message !== "" && message !== s3Code && !message.startsWith("Unknown");
  return `${status}${said}${said !== "" && isTold ? `: ${bare(message)}` : ""}`;
}

/** Without the full stop at its end, to go on behind it. */
function bare(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

/** The system's code is the part that a search engine knows. */
function saySilence(error: unknown): string {
  const inner = innermost(error);
  if (inner.name === "TimeoutError" || inner.name === "AbortError") return "no answer in time";
  return inner.message === "" ? (codeOf(inner) ?? inner.name) : bare(inner.message);
}

/** The system's code behind an error, such as `ECONNREFUSED`. */
export function systemCodeOf(error: unknown): string | undefined {
  return codeOf(innermost(error));
}

/** Causes at most so deep: whoever links them in a ring is not followed. */
const MAX_CAUSES = 8;

function innermost(error: unknown): Error {
  let inner = error instanceof Error ? error : new Error(String(error));
  for (let depth = 0; depth < MAX_CAUSES; depth += 1) {
    const next = inner instanceof AggregateError ? inner.errors[0] : inner.cause;
    if (!(next instanceof Error)) break;
    inner = next;
  }
  return inner;
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
