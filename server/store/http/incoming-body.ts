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

/**
 * The bytes of a request as they arrive; nothing is asked for before the first is wanted.
 * Leaving early leaves the socket open, so that an answer can still be sent.
 * @throws RequestTimeout after `idleMs` of silence, IncompleteBody where the connection ends too soon
 */
export async function* readIncoming(
  request: IncomingMessage,
  options: IncomingBodyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  options.sendContinue();
  for (;;) {
    const bytes: unknown = request.read();
    if (bytes instanceof Uint8Array) yield bytes;
    else if (request.readableEnded) return;
    else await untilReadable(request, options);
  }
}

function untilReadable(
  request: IncomingMessage,
  { idleMs, signal }: IncomingBodyOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      clearTimeout(timer);
      request.off("readable", onReadable).off("end", onReadable).off("close", onCut);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onReadable = settle(resolve);
    const onCut = settle(() => reject(new S3Error("IncompleteBody")));
    const onAbort = settle(() => reject(asError(signal.reason)));
    const timer = setTimeout(
      settle(() => reject(new S3Error("RequestTimeout"))),
      idleMs,
    );
    request.on("readable", onReadable).on("end", onReadable).on("close", onCut);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else if (request.destroyed && !request.readableEnded) onCut();
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
