/** An ingest thread: hashes and writes what the server's thread receives, so that sockets never wait for MD5. */
import { close, closeSync, fdatasync, fsync, openSync, unlinkSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { parentPort } from "node:worker_threads";
import { createDigests, type DigestName, type RunningDigest } from "../checksum/digests.ts";
import type { IngestReply, IngestRequest } from "./ingest-messages.ts";

const syncData = promisify(fdatasync);
const syncDirectory = promisify(fsync);
const closeFile = promisify(close);

interface OpenStream {
  readonly path: string;
  readonly file: number;
  readonly directory: string;
  readonly digests: readonly { readonly name: DigestName; readonly running: RunningDigest }[];
}

if (parentPort) {
  const port = parentPort;
  serve(
    (message, moved = []) => port.postMessage(message, moved),
    (listener) => port.on("message", listener),
  );
}

function serve(
  reply: (message: IngestReply, moved?: ArrayBuffer[]) => void,
  listen: (listener: (request: IngestRequest) => void) => void,
): void {
  const digests = createDigests();
  const streams = new Map<number, OpenStream>();
  // One stream's messages are handled in order, even where one of them waits.
  const tails = new Map<number, Promise<void>>();

  async function handle(request: IngestRequest): Promise<void> {
    const { streamId } = request;
    try {
      if (request.open) streams.set(streamId, await openStream(request.open, digests));
      const stream = streams.get(streamId);
      if (request.block && stream) writeBlock(stream, request.block);
      giveBack(request);
      if (request.end) await endStream(streamId, request.end);
    } catch (error) {
      dropStream(streamId);
      giveBack(request);
      reply({ kind: "failed", streamId, message: String(error), code: codeOf(error) });
    }
  }

  function giveBack({ streamId, block }: IngestRequest): void {
    // A block that went back already is empty here.
    if (!block || block.buffer.byteLength === 0) return;
    reply({ kind: "consumed", streamId, buffer: block.buffer }, [block.buffer]);
  }

  async function endStream(streamId: number, end: "finish" | "discard"): Promise<void> {
    const stream = streams.get(streamId);
    if (end === "discard" || stream === undefined) {
      dropStream(streamId);
      reply({ kind: "discarded", streamId });
      return;
    }
    const results = await finish(stream);
    streams.delete(streamId);
    reply({ kind: "finished", streamId, digests: results });
  }

  function dropStream(streamId: number): void {
    const stream = streams.get(streamId);
    streams.delete(streamId);
    if (stream) removeFile(stream);
  }

  listen((request) => {
    const { streamId } = request;
    const tail = (tails.get(streamId) ?? Promise.resolve()).then(() => handle(request));
    if (request.end) void tail.then(() => tails.delete(streamId));
    else tails.set(streamId, tail);
  });
}

async function openStream(
  open: NonNullable<IngestRequest["open"]>,
  digests: ReturnType<typeof createDigests>,
): Promise<OpenStream> {
  const running = await Promise.all(
    open.digests.map(async (name) => ({ name, running: await digests.start(name) })),
  );
  const file = openSync(open.path, "wx", 0o600);
  return { path: open.path, file, directory: open.directory, digests: running };
}

function writeBlock(
  stream: OpenStream,
  { buffer, sizeBytes }: NonNullable<IngestRequest["block"]>,
): void {
  const bytes = new Uint8Array(buffer, 0, sizeBytes);
  for (const { running } of stream.digests) running.update(bytes);
  let written = 0;
  while (written < sizeBytes) written += writeSync(stream.file, bytes, written);
}

/** Syncs in the pool of the system's threads, while this one goes on with other streams. */
async function finish(stream: OpenStream): Promise<Partial<Record<DigestName, Uint8Array>>> {
  const directory = openSync(stream.directory, "r");
  try {
    await Promise.all([syncData(stream.file), syncDirectory(directory)]);
  } finally {
    closeSync(directory);
  }
  const results: Partial<Record<DigestName, Uint8Array>> = {};
  for (const { name, running } of stream.digests) results[name] = running.digest();
  await closeFile(stream.file);
  return results;
}

function removeFile({ file, path }: OpenStream): void {
  try {
    closeSync(file);
  } catch {
    // A failed finish may have closed it already; what counts is that the name goes.
  }
  unlinkSync(path);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
