import { isProblemCode, type ProblemCode } from "../../../shared/problem.ts";
import type { UploadProblem } from "../../transfer/index.ts";

/** A problem as a person reads it. */
export interface ProblemText {
  /** What happened. */
  readonly sentence: string;
  /** What to do now. */
  readonly remedy: string;
  /** Set where the bucket's CORS rule is the remedy: the page shows it, once for all. */
  readonly showsCorsRule?: true;
}

/** Problems that only a browser can find out. */
export type BrowserProblemCode =
  | "cors-blocked"
  | "etag-hidden"
  | "file-changed"
  | "file-unreadable"
  | "file-denied"
  | "in-use"
  | "not-remembered"
  | "stream-failed"
  | "stream-spent"
  | "server-unreachable"
  | "storage-refused"
  | "bad-answer";

const RETRY = "Try again; what the storage holds is kept.";

/** The one table from codes to sentences. */
export const PROBLEM_TEXTS: Readonly<Record<ProblemCode | BrowserProblemCode, ProblemText>> = {
  "cors-blocked": {
    sentence: "The bucket does not let this page send to it.",
    remedy: "Its CORS rule must name this page.",
    showsCorsRule: true,
  },
  "etag-hidden": {
    sentence: "The bucket hides the ETag of a part from this page.",
    remedy: "Its CORS rule must expose the header ETag.",
    showsCorsRule: true,
  },
  "file-changed": {
    sentence: "The file changed while it was uploading.",
    remedy: "Remove it here and choose it again, so that what arrives is one whole version.",
  },
  "file-unreadable": {
    sentence: "The file can no longer be read.",
    remedy: "It may have been moved, deleted, or its drive unplugged. Put it back and try again.",
  },
  "file-denied": {
    sentence: "The browser did not let this page read the file.",
    remedy: "Try again and allow it, or choose the file yourself.",
  },
  "in-use": {
    sentence: "Another tab is working on this upload.",
    remedy: "Go on there; once that tab is closed, it can go on here.",
  },
  "not-remembered": {
    sentence: "This browser did not remember the upload.",
    remedy: "Private windows and full disks forget: keep this tab open until it is done.",
  },
  "stream-failed": {
    sentence: "What makes these bytes has stopped.",
    remedy: "Its reason is in the technical detail below. Start it again.",
  },
  "stream-spent": {
    sentence: "This has to be sent anew, and cannot be read a second time.",
    remedy: "Make it again and add it again.",
  },
  "server-unreachable": {
    sentence: "The server does not answer.",
    remedy: "Check the connection, then try again; what the storage holds is kept.",
  },
  "storage-refused": {
    sentence: "The storage refuses this upload.",
    remedy: "Its reason is in the technical detail below. Tell the operator if it stays.",
  },
  "bad-answer": {
    sentence: "The server's answer made no sense.",
    remedy: "Reload the page: it may be older than the server. If it stays, tell the operator.",
  },
  "bad-request": {
    sentence: "The server did not understand the request.",
    remedy: "Reload the page: it may be older than the server.",
  },
  "body-not-json": {
    sentence: "The server could not read the request.",
    remedy: "Something on the way may have altered it. Reload the page and try again.",
  },
  "body-too-large": {
    sentence: "The request was too large for the server.",
    remedy: "Add fewer files at once.",
  },
  "invalid-name": {
    sentence: "This name cannot be used in the bucket.",
    remedy: "Rename the file (shorter, or with other characters) and add it again.",
  },
  "file-too-large": {
    sentence: "The file is larger than S3 can hold.",
    remedy: "Split it and upload the pieces.",
  },
  "key-exists": {
    sentence: "There is already an object with this key.",
    remedy: "Choose “keep both” or “replace” in the options, or rename the file, and add it again.",
  },
  "id-invalid": {
    sentence: "The server does not know this upload.",
    remedy: "Its secret may have changed. Try again: the upload starts anew.",
  },
  "id-expired": {
    sentence: "This upload was left for too long.",
    remedy: "Try again: the upload starts anew.",
  },
  "not-yours": {
    sentence: "This upload belongs to someone else.",
    remedy: "Sign in as the one who began it, or add the file again.",
  },
  "identity-unreachable": {
    sentence: "The server cannot check who you are just now.",
    remedy:
      "Its identity provider does not answer. It is tried again; what the storage holds is kept.",
  },
  "upload-live": {
    sentence: "This upload is being sent right now.",
    remedy: "Abort it only if you are sure: say yes a second time.",
  },
  unauthorized: {
    sentence: "This server does not know who you are.",
    remedy:
      "It lets in requests that carry a valid grant. Ask whoever runs it; what the storage holds is kept.",
  },
  forbidden: {
    sentence: "You may not upload this here.",
    remedy: "Ask whoever gave you access for more: size, type or folder may be limited.",
  },
  "not-found": { sentence: "This does not exist.", remedy: "Add the file again." },
  "upload-gone": {
    sentence: "The storage no longer knows this upload.",
    remedy: "It was aborted or cleaned up. Try again: the upload starts anew.",
  },
  "upload-incomplete": {
    sentence: "Some parts are missing in the storage.",
    remedy: "Try again: only what is missing is sent.",
  },
  "part-not-in-plan": {
    sentence: "A part does not belong to this upload.",
    remedy: "Remove the file here and add it again.",
  },
  "checksum-mismatch": {
    sentence: "What arrived is not what was sent.",
    remedy:
      "Do not trust what lies under its key. Try again; if it happens twice, check the disk and the memory of this device, and what stands between it and the storage.",
  },
  "query-failed": {
    sentence: "The query cannot be answered.",
    remedy: "What is wrong with it, and where, is said below; change it and ask again.",
  },
  "select-unsupported": {
    sentence: "The storage answers no queries itself.",
    remedy: "Ask with the engine “auto” or “embedded”: then the server reads the object.",
  },
  "object-archived": {
    sentence: "The object lies in an archive and cannot be read now.",
    remedy: "Have it restored; how long that takes is said below.",
  },
  "precondition-failed": {
    sentence: "The object in the bucket changed meanwhile.",
    remedy: "Someone else wrote the same key. Choose “keep both” in the options and add it again.",
  },
  "storage-busy": {
    sentence: "The storage is too busy.",
    remedy: "Wait a moment and try again; what it holds is kept.",
  },
  "storage-unreachable": {
    sentence: "The storage cannot be reached.",
    remedy: "Check the connection, a proxy or an ad blocker, then try again; nothing is lost.",
  },
  "storage-denied": {
    sentence: "The storage refuses the server's credentials.",
    remedy: "The operator has to check the server's access to the bucket.",
  },
  "storage-unsupported": {
    sentence: "The storage cannot do this.",
    remedy: "Nothing was changed; the technical detail below says what it lacks.",
  },
  "configuration-changed": {
    sentence: "Somebody else changed the bucket's rules at the same moment.",
    remedy: "Load them anew, look at them, then try again.",
  },
  "storage-full": {
    sentence: "The storage is full.",
    remedy: "Once there is room again, try again; what it holds is kept.",
  },
  "storage-error": { sentence: "The storage reported an error.", remedy: RETRY },
  "bucket-missing": {
    sentence: "The bucket does not exist.",
    remedy: "The operator has to create it or correct its name.",
  },
  "rate-limited": {
    sentence: "The server asks for fewer requests.",
    remedy: "Wait a minute and try again; what the storage holds is kept.",
  },
  "shutting-down": { sentence: "The server is restarting.", remedy: RETRY },
  internal: {
    sentence: "Something went wrong in the server.",
    remedy: `${RETRY} If it stays, give the operator the request ID below.`,
  },
};

const UNKNOWN: ProblemText = {
  sentence: "Something went wrong.",
  remedy: `${RETRY} The technical detail below says more.`,
};

/** The sentence and the remedy of a code; a general one for codes that are not in the table. */
export function describeProblem(code: string): ProblemText {
  return isKnown(code) ? PROBLEM_TEXTS[code] : UNKNOWN;
}

/** The text of a failure: as that of its code, and for a wrong checksum with the part that has it. */
export function describeFailure({ code, detail }: UploadProblem): ProblemText {
  const text = describeProblem(code);
  const part = code === "checksum-mismatch" ? /\bpart (\d{1,5})\b/i.exec(detail)?.[1] : undefined;
  if (part === undefined) return text;
  return { ...text, sentence: `Part ${part} arrived otherwise than it was sent.` };
}

function isKnown(code: string): code is ProblemCode | BrowserProblemCode {
  return isProblemCode(code) || Object.hasOwn(PROBLEM_TEXTS, code);
}
