import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { ByteRange } from "../../../shared/byte-range.ts";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { draw, pour } from "./port-stream.ts";
import { fillShared, sharedReader } from "./shared-read.ts";
import type { ReadRequest } from "./thread-messages.ts";

/** What is lent has room for so many bytes. */
const LENT_BYTES = 256 * 1024;

/** Bytes in memory that can move from thread to thread. */
type Movable = Uint8Array<ArrayBuffer>;

/** An object whose bytes another thread reads. */
export function remoteSource(sizeBytes: number, reads: MessagePort): ByteSource {
  const ask = (range: ByteRange, areLent: boolean): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    const request: ReadRequest = { kind: "pieces", range, pieces: port2, areLent };
    reads.postMessage(request, [port2]);
    return port1;
  };
  return {
    sizeBytes,
    readShared: sharedReader(reads),
    async *read(range, signal) {
      yield* draw<Movable>(ask(range, false), signal);
    },
    async *readLent(range, signal) {
      yield* draw<Movable>(ask(range, true), signal, undefined, ({ buffer }) => [buffer]);
    },
  };
}

/** Reads for another thread what it asks for, until the signal says no more. */
export function serveReads(source: ByteSource, reads: MessagePort, signal: AbortSignal): void {
  reads.on("message", (request: ReadRequest) => {
    if (request.kind === "shared") return void fillShared(source, request, reads, signal);
    const { range, pieces, areLent } = request;
    const movedOf = ({ buffer }: Movable) => [buffer];
    if (!areLent) return void pour(ownPieces(source.read(range, signal)), pieces, movedOf);
    const free: Movable[] = [];
    const lent = lentPieces(source, range, free, signal);
    void pour(lent, pieces, movedOf, ({ buffer }) => void free.push(new Uint8Array(buffer)));
  });
}

/** Pieces may be parts of something larger that somebody else goes on using: what is sent away is a copy. */
async function* ownPieces(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Movable, void, undefined> {
  for await (const piece of pieces) yield new Uint8Array(piece);
}

/** The same in memory that is used again as soon as it has come back. */
async function* lentPieces(
  source: ByteSource,
  range: ByteRange,
  free: Movable[],
  signal: AbortSignal,
): AsyncGenerator<Movable, void, undefined> {
  const take = (sizeBytes: number): Movable =>
    (free.pop() ?? new Uint8Array(LENT_BYTES)).subarray(0, sizeBytes);
  if (source.readInto) {
    for (let at = range.start; at < range.end; at += LENT_BYTES) {
      const piece = take(Math.min(LENT_BYTES, range.end - at));
      await source.readInto(piece, at, signal);
      yield piece;
    }
    return;
  }
  for await (const read of source.read(range, signal)) {
    for (let start = 0; start < read.length; start += LENT_BYTES) {
      const part = read.subarray(start, start + LENT_BYTES);
      const piece = take(part.length);
      piece.set(part);
      yield piece;
    }
  }
}
