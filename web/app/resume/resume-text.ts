import type { ResumableUpload } from "../../transfer/index.ts";
import { formatBytes, formatExactBytes, percentOf } from "../format/byte-size.ts";
import { formatAgo } from "../format/time-ago.ts";
import { describeProblem, type ProblemText } from "../remedy/problem-text.ts";

/**
 * How far an unfinished upload is and since when: `11.6 GB of 18.4 GB are there · 63 % · 2 hours ago`.
 * @param now in milliseconds since 1970
 */
export function describeResumable(upload: ResumableUpload, now: number): string {
  const { heldBytes, sizeBytes, updatedAt } = upload;
  const ago = formatAgo(updatedAt, now);
  if (heldBytes === 0) return `${formatBytes(sizeBytes)} · nothing of it is there yet · ${ago}`;
  const held = `${formatBytes(heldBytes)} of ${formatBytes(sizeBytes)} are there`;
  return `${held} · ${percentOf(heldBytes, sizeBytes)} % · ${ago}`;
}

/** A file as it was chosen. */
export type ChosenFile = Pick<File, "name" | "size">;

/**
 * Why an upload could not go on, and what to do about it.
 * @param file the one that was chosen for it; left out where the browser had kept it
 */
export function describeTakeUpFailure(
  code: string,
  upload: ResumableUpload,
  file?: ChosenFile,
): ProblemText {
  if (code === "not-found") return NOT_KNOWN;
  if (code === "internal") return NOT_DONE;
  if (code !== "file-changed") return describeProblem(code);
  return file ? wrongFile(upload, file) : CHANGED_SINCE;
}

const NOT_KNOWN: ProblemText = {
  sentence: "This upload is no longer known here.",
  remedy: "Another tab may have finished or discarded it; else add the file again.",
};

const NOT_DONE: ProblemText = {
  sentence: "That did not work.",
  remedy: "Try again, or add the file above: it goes on where this ended.",
};

const CHANGED_SINCE: ProblemText = {
  sentence: "The file on this device is no longer the one that was being uploaded.",
  remedy: "Choose an unchanged copy, or discard this and add the file as it is now.",
};

function wrongFile({ name, sizeBytes }: ResumableUpload, file: ChosenFile): ProblemText {
  if (file.size !== sizeBytes) {
    const chosen = `“${file.name}” has ${formatExactBytes(file.size)}`;
    return {
      sentence: `This is another file: ${chosen}, and what was sent is of ${formatExactBytes(sizeBytes)}.`,
      remedy: `Choose the “${name}” that the upload began with.`,
    };
  }
  if (file.name !== name) {
    return {
      sentence: `This is another file: it is called “${file.name}”, not “${name}”.`,
      remedy: "Its size is right, its content is not. Choose the file that the upload began with.",
    };
  }
  return {
    sentence: "Name and size are right, but the file has changed since.",
    remedy: "Choose an unchanged copy, or discard this and add the file as it is now.",
  };
}
