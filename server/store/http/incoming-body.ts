import type { IncomingMessage } from "node:http";
import type { Body } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** What reading a body off its socket depends on. */
export interface IncomingBodyOptions {
  /** How long the client may be silent, in milliseconds. */
  readonly idleMs: number;
  /** Asks a client that waits for it to send the body. */
  readonly sendContinue: () => void;
  /** Ends when the client has gone or the exchange has failed; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** Bytes that are received ahead of their reader before the socket has to wait. */
const READ_AHEAD_BYTES = 256 * 1024;

/**
 * The bytes of a request as they arrive; nothing is asked for before the first is wanted.
 * Leaving early leaves the socket open, so that an answer can still be sent.
 * @throws RequestTimeout after `idleMs` of silence, IncompleteBody where the connection ends too soon
 */
export async function* readIncoming(
  request: IncomingMessage,
  options: IncomingBodyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  // Pieces are handed on as the socket gives them: `read()` would join them into a copy.
  const onData = (bytes: Uint8Array): void => {
    queue.push(bytes);
    queuedBytes += bytes.length;
    if (queuedBytes >= READ_AHEAD_BYTES) request.pause();
  };
  options.sendContinue();
  request.on("data", onData);
  try {
    for (;;) {
      const bytes = queue.shift();
      if (bytes) {
        queuedBytes -= bytes.length;
        if (queuedBytes < READ_AHEAD_BYTES / 2 && request.isPaused()) request.resume();
        yield bytes;
      } else if (request.readableEnded) return;
      else await untilMore(request, options);
    }
  } finally {
    request.off("data", onData).pause();
  }
}

function untilMore(
  request: IncomingMessage,
  { idleMs, signal }: IncomingBodyOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      clearTimeout(timer);
      request.off("data", onMore).off("end", onMore).off("close", onCut);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onMore = settle(resolve);
    const onCut = settle(() => reject(new S3Error("IncompleteBody")));
    const onAbort = settle(() => reject(asError(signal.reason)));
    const timer = setTimeout(
      settle(() => reject(new S3Error("RequestTimeout"))),
      idleMs,
    );
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else if (request.destroyed) onCut();
    else request.on("data", onMore).on("end", onMore).on("close", onCut).resume();
  });
}

/** Reads all of a body of at most `maxSizeBytes`. @throws MaxMessageLengthExceeded */
export async function readAll(body: Body, maxSizeBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const bytes of body) {
    sizeBytes += bytes.length;
    if (sizeBytes > maxSizeBytes) throw tooLong(maxSizeBytes);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

/** The error of a document that is larger than its operation takes. */
export function tooLong(maxSizeBytes: number): S3Error {
  return new S3Error("MaxMessageLengthExceeded", {
    fields: { MaxMessageLengthBytes: String(maxSizeBytes) },
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("The request ended", { cause: reason });
}
