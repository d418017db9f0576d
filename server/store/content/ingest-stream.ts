import type { BlockPool } from "./block-pool.ts";
import { BLOCK_SIZE_BYTES, type IngestReply, type IngestRequest } from "./ingest-messages.ts";
import type { DigestName } from "../checksum/digests.ts";

/** Blocks of one stream that may be on their way at once: enough to keep its thread busy. */
const BLOCKS_IN_FLIGHT = 4;

/** Digests by name, as the thread computed them. */
export type DigestResults = Readonly<Partial<Record<DigestName, Uint8Array>>>;

/** One body on its way to an ingest thread. Owns the blocks in flight until the thread gives them back. */
export class IngestStream {
  readonly #streamId: number;
  readonly #pool: BlockPool;
  readonly #post: (request: IngestRequest, moved: ArrayBuffer[]) => void;
  #open: IngestRequest["open"];
  /** Received and not yet copied into a block: a block is held only while it travels, never for a slow client. */
  readonly #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #inFlightCount = 0;
  #failure: Error | undefined;
  #end: IngestReply | undefined;
  #wake: () => void = () => undefined;

  constructor(
    streamId: number,
    open: NonNullable<IngestRequest["open"]>,
    pool: BlockPool,
    post: (request: IngestRequest, moved: ArrayBuffer[]) => void,
  ) {
    this.#streamId = streamId;
    this.#open = open;
    this.#pool = pool;
    this.#post = post;
  }

  /** Takes bytes; resolves when there is room for more. @throws what the thread reported */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    while (this.#pendingBytes >= BLOCK_SIZE_BYTES) await this.#send();
  }

  /** Sends the rest and resolves when the file is on the disk. @throws what the thread reported */
  async finish(): Promise<DigestResults> {
    await this.#send("finish");
    await this.#until(() => this.#end !== undefined);
    return this.#end?.kind === "finished" ? this.#end.digests : {};
  }

  /** Has the file removed, and resolves when it is and all blocks are back. */
  async discard(): Promise<void> {
    this.#pending.length = 0;
    const isOpen = this.#open === undefined && this.#failure === undefined;
    if (isOpen && this.#end === undefined) {
      this.#post({ streamId: this.#streamId, end: "discard" }, []);
      await this.#until(() => this.#end !== undefined).catch(() => undefined);
    }
  }

  /** What the thread says about this stream. */
  onReply(reply: IngestReply): void {
    if (reply.kind === "consumed") this.#onConsumed(reply.buffer);
    else if (reply.kind === "failed") this.#failure ??= threadError(reply);
    else this.#end = reply;
    this.#wake();
  }

  /** The thread is gone, and its blocks with it. */
  onThreadLost(error: Error): void {
    this.#failure ??= error;
    for (; this.#inFlightCount > 0; this.#inFlightCount--) this.#pool.replace();
    this.#wake();
  }

  #onConsumed(buffer: ArrayBuffer): void {
    this.#inFlightCount--;
    this.#pool.release(buffer);
  }

  async #send(end?: "finish"): Promise<void> {
    await this.#until(() => this.#inFlightCount < BLOCKS_IN_FLIGHT);
    const block = this.#pendingBytes === 0 ? undefined : await this.#fillBlock();
    const open = this.#open;
    this.#open = undefined;
    const request = {
      streamId: this.#streamId,
      ...(open && { open }),
      ...(block && { block }),
      ...(end && { end }),
    };
    this.#post(request, block ? [block.buffer] : []);
  }

  async #fillBlock(): Promise<{ buffer: ArrayBuffer; sizeBytes: number }> {
    const buffer = await this.#pool.acquire();
    this.#inFlightCount++;
    const target = new Uint8Array(buffer);
    let sizeBytes = 0;
    while (sizeBytes < BLOCK_SIZE_BYTES) {
      const bytes = this.#pending.shift();
      if (bytes === undefined) break;
      const fitting = bytes.subarray(0, BLOCK_SIZE_BYTES - sizeBytes);
      target.set(fitting, sizeBytes);
      sizeBytes += fitting.length;
      if (fitting.length < bytes.length) this.#pending.unshift(bytes.subarray(fitting.length));
    }
    this.#pendingBytes -= sizeBytes;
    return { buffer, sizeBytes };
  }

  async #until(holds: () => boolean): Promise<void> {
    while (this.#failure === undefined && !holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure;
  }
}

function threadError({ message, code }: Extract<IngestReply, { kind: "failed" }>): Error {
  return Object.assign(new Error(message), { code });
}
