import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { draw, pour } from "./port-stream.ts";
import type { ReadRequest } from "./thread-messages.ts";

/** An object whose bytes another thread reads. */
export function remoteSource(sizeBytes: number, reads: MessagePort): ByteSource {
  return {
    sizeBytes,
    async *read(range, signal) {
      const { port1, port2 } = new MessageChannel();
      const request: ReadRequest = { range, pieces: port2 };
      reads.postMessage(request, [port2]);
      yield* draw<Uint8Array>(port1, signal);
    },
  };
}

/** Reads for another thread what it asks for, until the signal says no more. */
export function serveReads(source: ByteSource, reads: MessagePort, signal: AbortSignal): void {
  reads.on("message", ({ range, pieces }: ReadRequest) => {
    void pour(ownPieces(source.read(range, signal)), pieces, ({ buffer }) => [buffer]);
  });
}

/** Pieces may be parts of something larger that somebody else goes on using: what is sent away is a copy. */
async function* ownPieces(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for await (const piece of pieces) yield new Uint8Array(piece);
}
