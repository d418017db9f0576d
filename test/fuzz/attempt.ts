import { detect, select } from "../../server/select/index.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import type { Trial } from "./trial.ts";

/** Of an answer no more is taken, in bytes: joins of joins of paths may multiply what there is. */
const ENOUGH_BYTES = 4 * 1024 * 1024;

/** Where a trial ended; `answered`, `left`, or a code of S3 Select. */
export type Outcome = string;

/**
 * Asks, and looks at the object as the schema's route does.
 * @throws whatever is no fault of the question or the object
 */
export async function attempt(trial: Trial): Promise<Outcome> {
  const source = sourceOf(trial);
  await detect(source, new AbortController().signal).catch(onlySelectErrors);
  return ask(trial, source).catch(onlySelectErrors);
}

async function ask({ request, isLeft }: Trial, source: ByteSource): Promise<Outcome> {
  const leaving = new AbortController();
  const reason = new Error("left");
  let returnedBytes = 0;
  try {
    for await (const event of select(request, source, leaving.signal)) {
      if (event.type === "records") returnedBytes += event.payload.length;
      if (returnedBytes > ENOUGH_BYTES) break;
      if (isLeft) leaving.abort(reason);
    }
  } catch (error) {
    if (error !== reason) throw error;
    return "left";
  }
  return "answered";
}

function sourceOf({ bytes, pieceBytes }: Trial): ByteSource {
  return {
    sizeBytes: bytes.length,
    async *read({ start, end }, signal) {
      for (let at = start; at < Math.min(end, bytes.length); at += pieceBytes) {
        signal.throwIfAborted();
        yield bytes.subarray(at, Math.min(end, at + pieceBytes));
      }
    },
  };
}

function onlySelectErrors(error: unknown): Outcome {
  if (error instanceof SelectError) return error.code;
  throw error;
}
