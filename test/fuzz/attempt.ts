import { detect, select } from "../../server/select/index.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import type { Trial } from "./trial.ts";

/** Of an answer no more is taken, in bytes: joins of joins of paths may multiply what there is. */
const ENOUGH_BYTES = 4 * 1024 * 1024;

/** Where a trial ended: `answered`, `left`, or a code of S3 Select. */
export type Outcome = string;

/** An answer, as far as it was taken. */
interface Answer {
  readonly outcome: Outcome;
  readonly text: string;
}

/**
 * Asks, and looks at the object as the schema's route does.
 * @throws whatever is no fault of the question or the object; Error where the pieces that the object comes in make
 * another answer of it
 */
export async function attempt(trial: Trial): Promise<Outcome> {
  await detect(sourceOf(trial, trial.pieceBytes), new AbortController().signal).catch(codeOf);
  const answer = await ask(trial, trial.pieceBytes);
  if (trial.otherPieceBytes === null || trial.isLeft) return answer.outcome;
  const other = await ask(trial, trial.otherPieceBytes);
  // Of what is damaged, a text that makes no sense may be met before the damage is.
  const isPacked = trial.request.input.compression !== "NONE";
  if (other.outcome !== answer.outcome && !isPacked) {
    const pieces = `in pieces of ${trial.pieceBytes}, in pieces of ${trial.otherPieceBytes}`;
    throw new Error(`${answer.outcome} ${pieces} ${other.outcome}`);
  }
  // How much goes out before a fault is found is nobody's promise.
  const areWhole = answer.outcome === "answered" && other.outcome === "answered";
  if (areWhole && other.text !== answer.text) {
    throw new Error(`Another answer in pieces of ${trial.otherPieceBytes}`);
  }
  return answer.outcome;
}

async function ask(trial: Trial, pieceBytes: number): Promise<Answer> {
  const leaving = new AbortController();
  const reason = new Error("left");
  const records: Uint8Array[] = [];
  let returnedBytes = 0;
  let outcome = "answered";
  try {
    for await (const event of select(trial.request, sourceOf(trial, pieceBytes), leaving.signal)) {
      if (event.type === "records") {
        records.push(event.payload);
        returnedBytes += event.payload.length;
      }
      if (returnedBytes > ENOUGH_BYTES) break;
      if (trial.isLeft) leaving.abort(reason);
    }
  } catch (error) {
    outcome = error === reason ? "left" : codeOf(error);
  }
  return { outcome, text: Buffer.concat(records).toString().slice(0, ENOUGH_BYTES) };
}

function sourceOf({ bytes }: Trial, pieceBytes: number): ByteSource {
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

function codeOf(error: unknown): Outcome {
  if (error instanceof SelectError) return error.code;
  throw error;
}
