import type { IfExists } from "../../shared/api.ts";
import { TransferError } from "./problem.ts";
import type { Stage } from "./transition.ts";

/** Looks at the storage, in a row and without a part getting through, before an upload fails. */
const MAX_REOPENS = 5;

/** Keys that others took while it was on its way, before an upload fails: each costs all its bytes. */
const MAX_TAKEN = 3;

/** Problems after which the same upload cannot go on: trying again starts a new one. */
const ENDS_SESSION: ReadonlySet<string> = new Set([
  "id-invalid",
  "id-expired",
  "not-yours",
  "upload-gone",
  "key-exists",
  "part-not-in-plan",
  "checksum-mismatch",
]);

/** Whether an upload that failed with this code has nothing left to go on with. */
export function endsSession(problemCode: string): boolean {
  return ENDS_SESSION.has(problemCode);
}

/** Where an upload stood when its attempt ended. */
export interface Standing {
  readonly stage: Stage | null;
  /** What the backend opened; `none` where nothing is open. */
  readonly session: "none" | "single" | "multipart";
  /** Requests that left so far. */
  readonly startCount: number;
  readonly ifExists: IfExists;
}

/**
 * `fail`: a person has to decide. `confirm`: ask whether it is done already. `other-key`: give this
 * session up and begin anew under another key. `look`: ask what the storage holds and go on.
 * `begin-anew`: from the first byte, because nothing is left.
 */
export type NextStep = "fail" | "confirm" | "other-key" | "look" | "begin-anew";

/** Decides what becomes of an upload whose attempt ended by an error, and how often that may be. */
export class SecondChances {
  #reopenCount = 0;
  #takenCount = 0;

  /** A part got through: what failed before is forgiven. */
  partArrived(): void {
    this.#reopenCount = 0;
  }

  /** A person said "try again". */
  reset(): void {
    this.#reopenCount = 0;
    this.#takenCount = 0;
  }

  next(error: TransferError, standing: Standing): NextStep {
    if (error.code === "key-exists") return this.#afterTakenKey(standing);
    // A line that broke at the very end may have carried everything, whatever the browser counted.
    if (error.code === "needs-parts") return "confirm";
    return error.remedy === "reopen" ? this.#afterLoss(error, standing) : "fail";
  }

  /** The key was free when the server chose it, and is no longer. */
  #afterTakenKey({ stage, session, startCount, ifExists }: Standing): NextStep {
    // The answer to an earlier request was lost: perhaps it is this very file.
    if (session === "single" && startCount > 1 && stage === "uploading") return "confirm";
    this.#takenCount += 1;
    // S3 cannot give parts another key: whoever wants both sends this one again.
    return ifExists === "rename" && this.#takenCount <= MAX_TAKEN ? "other-key" : "fail";
  }

  #afterLoss(error: TransferError, { stage, session }: Standing): NextStep {
    this.#reopenCount += 1;
    if (this.#reopenCount > MAX_REOPENS) return "fail";
    // While opening, the storage was looked at and does not know it.
    const isLost = stage === "opening" && error.code === "upload-gone";
    return session === "multipart" && !isLost ? "look" : "begin-anew";
  }
}

/** It would begin anew, but its bytes cannot be had again. */
export function streamIsSpent(cause: TransferError): TransferError {
  const detail = `${cause.message}; the stream cannot be read a second time`;
  return new TransferError("stream-spent", "permanent", detail, { cause });
}
