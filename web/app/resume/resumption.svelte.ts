import { SvelteMap } from "svelte/reactivity";
import { TransferError, type ResumableUpload, type Uploader } from "../../transfer/index.ts";
import type { ProblemText } from "../remedy/problem-text.ts";
import { describeTakeUpFailure } from "./resume-text.ts";

/** What a person's last click on an unfinished upload has come to so far. */
export type Attempt =
  | { readonly kind: "checking" }
  | { readonly kind: "discarding" }
  | {
      readonly kind: "failed";
      readonly text: ProblemText;
      /** Choosing the file by hand may help. */
      readonly wantsFile: boolean;
    };

/** Unfinished uploads on their way back into the queue, or out of the storage. */
export interface Resumption {
  /** Undefined before a click, and once it has worked. */
  attemptOf(id: string): Attempt | undefined;
  /** Call it in the click: the browser may ask whether the page may read the file. Never rejects. */
  takeUp(upload: ResumableUpload, file?: File): Promise<void>;
  /** Never rejects. */
  discard(upload: ResumableUpload): Promise<void>;
}

/** Codes after which the file can still be chosen by hand. */
const FILE_CODES: ReadonlySet<string> = new Set(["file-changed", "file-unreadable", "file-denied"]);

/** Makes a resumption; nothing goes on by itself. */
export function createResumption(uploader: Pick<Uploader, "takeUp" | "discard">): Resumption {
  const attempts = new SvelteMap<string, Attempt>();

  async function follow(
    upload: ResumableUpload,
    kind: "checking" | "discarding",
    work: Promise<unknown>,
    file?: File,
  ): Promise<void> {
    attempts.set(upload.id, { kind });
    try {
      await work;
      attempts.delete(upload.id);
    } catch (error) {
      // What nobody foresaw is told too: a click that does nothing is worse.
      const code = error instanceof TransferError ? error.code : "internal";
      const text = describeTakeUpFailure(code, upload, file);
      attempts.set(upload.id, { kind: "failed", text, wantsFile: FILE_CODES.has(code) });
    }
  }

  return {
    attemptOf: (id) => attempts.get(id),
    takeUp: (upload, file) => follow(upload, "checking", uploader.takeUp(upload.id, file), file),
    discard: (upload) => follow(upload, "discarding", uploader.discard(upload.id)),
  };
}
