import type { PartRequest, PartTransport } from "../line/part-transport.ts";
import { errorFromStorage, TransferError } from "../problem.ts";
import type { Clock } from "../time/clock.ts";
import { watchStall } from "./stall-watch.ts";

/** One request, and who wants to know about it. */
export interface PartSending {
  readonly request: PartRequest;
  readonly signal: AbortSignal;
  /** How long its bytes may stand still, in milliseconds; asked while it runs. */
  readonly stallLimitMs: () => number;
  /** Bytes of the body that have left so far. */
  readonly onProgress: (sentBytes: number) => void;
}

/** What the storage says of a part that it took. */
export interface PartAnswer {
  readonly etag: string;
  /** The storage's own, base64; null where it names none. */
  readonly checksum: string | null;
}

/**
 * Sends one part and answers what the storage says of it.
 * @throws TransferError `storage-unreachable` (stalled), `etag-hidden`, or what the answer means; the signal's reason
 */
export async function sendPart(
  sending: PartSending,
  transport: PartTransport,
  clock: Clock,
): Promise<PartAnswer> {
  const { request, signal, onProgress } = sending;
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  signal.addEventListener("abort", stop);
  const watch = watchStall(clock, sending.stallLimitMs, () => controller.abort(stalled()));
  let sentBytes = 0;
  try {
    const response = await transport.send(request, controller.signal, (bytes) => {
      if (bytes > sentBytes) watch.moved();
      sentBytes = Math.max(sentBytes, bytes);
      onProgress(sentBytes);
    });
    if (response.status >= 300) throw errorFromStorage(response, clock.now());
    if (response.etag === null) throw etagHidden();
    return { etag: response.etag, checksum: response.checksum };
  } finally {
    watch.stop();
    signal.removeEventListener("abort", stop);
  }
}

function stalled(): TransferError {
  const detail = "No byte moved for too long";
  return new TransferError("storage-unreachable", "retry", detail, { stalled: true });
}

function etagHidden(): TransferError {
  const detail = "The storage's CORS rules do not expose the ETag header";
  return new TransferError("etag-hidden", "permanent", detail);
}
