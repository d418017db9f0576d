import type { Body } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** How long a body may be. */
export interface BodyBounds {
  readonly sizeBytes?: number | undefined;
  readonly maxSizeBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a body to its end, one piece after another as `write` resolves, and gives back its size in bytes.
 * @throws IncompleteBody, EntityTooLarge, the signal's reason, and what body and `write` throw
 */
export async function receive(
  body: Body,
  { sizeBytes, maxSizeBytes, signal }: BodyBounds,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  if (sizeBytes !== undefined && sizeBytes > maxSizeBytes) throw tooLarge(sizeBytes, maxSizeBytes);
  let received = 0;
  for await (const bytes of abortable(body, signal)) {
    received += bytes.length;
    if (received > (sizeBytes ?? Infinity)) throw new S3Error("IncompleteBody");
    if (received > maxSizeBytes) throw tooLarge(received, maxSizeBytes);
    await write(bytes);
  }
  if (received !== (sizeBytes ?? received)) throw new S3Error("IncompleteBody");
  return received;
}

function tooLarge(sizeBytes: number, maxSizeBytes: number): S3Error {
  const fields = { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(maxSizeBytes) };
  return new S3Error("EntityTooLarge", { fields });
}

/** The body, ended by the signal even while it waits for a client that sends nothing. */
function abortable(body: Body, signal: AbortSignal | undefined): Body {
  return signal ? untilAborted(body, signal) : body;
}

async function* untilAborted(body: Body, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let rejectStep: (reason: unknown) => void = () => undefined;
  const abort = () => rejectStep(signal.reason);
  signal.addEventListener("abort", abort);
  // One promise a step: racing with one that lives as long as the body would keep every piece in memory.
  const step = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      rejectStep = reject;
      if (signal.aborted) abort();
      else iterator.next().then(resolve, reject);
    });
  let isEnded = false;
  try {
    for (;;) {
      const result = await step();
      if (result.done) {
        isEnded = true;
        return;
      }
      yield result.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    // Not awaited: an iterator that waits for its client would keep this from ending.
    if (!isEnded) iterator.return?.()?.catch(() => undefined);
  }
}
