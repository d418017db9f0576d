import type { CreateUploadsRequest, FileToUpload } from "../../../shared/api.ts";
import type { RetryNotice } from "../../../shared/retry.ts";
import { ACCELERATED_FROM_BYTES } from "../line/origins.ts";
import { callBackend } from "./backend-call.ts";
import { TransferError, toTransferError } from "../problem.ts";
import type { SharedWork } from "../shared-work.ts";
import type { Opened } from "./upload-api.ts";

/** How the files of one request become objects. */
export type OpenOptions = Omit<CreateUploadsRequest, "files" | "again">;

/** One upload that asks to be opened, in one attempt. */
export interface Opening {
  readonly file: FileToUpload;
  /** False once it was paused, cancelled or opened. */
  isWanted(): boolean;
  /** A request is under way that may open it, wanted or not. */
  pending(creating: Promise<void>): void;
  opened(opened: Opened): void;
  waits(notice: RetryNotice): void;
  tries(): void;
  fails(error: TransferError): void;
}

/** Codes of a refused request for which one of its files may be to blame. */
const BLAMES_A_FILE: ReadonlySet<string> = new Set([
  "bad-request",
  "body-too-large",
  "invalid-name",
  "file-too-large",
]);

/**
 * Opens uploads by one request and hands each its answer; where the request is refused, halves of
 * it are tried, so that one file cannot fail the others. Never rejects.
 */
export async function openBatch(
  openings: readonly Opening[],
  options: OpenOptions,
  work: SharedWork,
): Promise<void> {
  const wanted = () => openings.filter((opening) => opening.isWanted());
  let isAgain = false;
  try {
    const create = () =>
      createWanted(wanted(), { ...options, ...(isAgain && { again: true }) }, work);
    await callBackend(create, work, {
      onRetry: (notice) => {
        isAgain = true;
        wanted().forEach((opening) => opening.waits(notice));
      },
      onResume: () => wanted().forEach((opening) => opening.tries()),
    });
  } catch (error) {
    if (!work.signal.aborted) await afterRefusal(wanted(), options, work, toTransferError(error));
  }
}

async function afterRefusal(
  openings: readonly Opening[],
  options: OpenOptions,
  work: SharedWork,
  error: TransferError,
): Promise<void> {
  if (openings.length < 2 || !BLAMES_A_FILE.has(error.code)) {
    for (const opening of openings) opening.fails(error);
    return;
  }
  const half = Math.ceil(openings.length / 2);
  await openBatch(openings.slice(0, half), options, work);
  await openBatch(openings.slice(half), options, work);
}

async function createWanted(
  openings: readonly Opening[],
  options: Omit<CreateUploadsRequest, "files">,
  work: SharedWork,
): Promise<void> {
  if (openings.length === 0) return;
  const creating = createAndDeliver(openings, options, work);
  for (const opening of openings) opening.pending(creating);
  await creating;
}

async function createAndDeliver(
  openings: readonly Opening[],
  options: Omit<CreateUploadsRequest, "files">,
  work: SharedWork,
): Promise<void> {
  const files = openings.map((opening) => opening.file);
  const isAnyLarge = files.some(
    ({ sizeBytes }) => (sizeBytes ?? Infinity) >= ACCELERATED_FROM_BYTES,
  );
  const origins = work.origins.wanted(isAnyLarge);
  const answers = await work.api.create({ ...options, ...(origins && { origins }), files });
  if (answers.length !== openings.length) {
    const detail = `${answers.length} answers to ${openings.length} files`;
    throw new TransferError("bad-answer", "permanent", detail);
  }
  openings.forEach((opening, index) => {
    const answer = answers[index];
    if (answer) opening.opened(answer);
  });
}
