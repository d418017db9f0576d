import { open as openFile } from "node:fs/promises";
import { rowsOfLines } from "../answer.mjs";
import { openObjects } from "./object-source.mjs";

const PIECE_BYTES = 1024 * 1024;
const OUTPUT = { format: "JSON", json: { recordDelimiter: "\n" } };
const CSV = {
  header: "USE",
  fieldDelimiter: ",",
  recordDelimiter: "\n",
  quote: '"',
  quoteEscape: '"',
  comment: "#",
  allowsQuotedRecordDelimiter: false,
};
const INPUTS = {
  csv: { format: "CSV", compression: "NONE", csv: CSV },
  "csv.gz": { format: "CSV", compression: "GZIP", csv: CSV },
  ndjson: { format: "JSON", compression: "NONE", type: "LINES" },
  parquet: { format: "PARQUET", compression: "NONE" },
  sorted: { format: "PARQUET", compression: "NONE" },
};

/** Our engine as it is built, over a file or over an object by its ranges. */
export async function open({ built, threads, format, store }) {
  const engine = await startEngine(built, threads);
  const objects = store === null ? null : await openObjects(built, store);
  const never = new AbortController().signal;
  return {
    async ask({ sql, path, repeat }) {
      const source = objects === null ? await fileSource(path, repeat) : await objects.source(path);
      const counted = countedSource(source);
      const payloads = [];
      const request = { sql, input: INPUTS[format], output: OUTPUT };
      for await (const event of engine.select(request, counted, never)) {
        if (event.type === "records") payloads.push(event.payload);
      }
      await source.close();
      return {
        rows: () => rowsOfLines(Buffer.concat(payloads).toString()),
        bytesRead: counted.bytesRead,
      };
    },
    async close() {
      objects?.close();
      await engine.close();
    },
  };
}

/** As the server has it: threads answer, and the one that asks reads the bytes. */
async function startEngine(built, threadCount) {
  const { startQueryThreads } = await import(`${built}/server/select/index.js`);
  return startQueryThreads(threadCount);
}

/**
 * A file; with `repeat` as if what is behind its first line stood there so many times, which takes no disk.
 */
async function fileSource(path, repeat) {
  const file = await openFile(path);
  const { size } = await file.stat();
  const headBytes = repeat === 1 ? 0 : await firstLineBytes(file);
  const bodyBytes = size - headBytes;
  const sizeBytes = headBytes + bodyBytes * repeat;
  return {
    sizeBytes,
    async *read({ start, end }, signal) {
      for (let at = start; at < end; at += PIECE_BYTES) {
        const piece = new Uint8Array(Math.min(PIECE_BYTES, end - at));
        await this.readInto(piece, at, signal);
        yield piece;
      }
    },
    async readInto(target, start, signal) {
      for (let filled = 0; filled < target.length;) {
        signal.throwIfAborted();
        const at = start + filled;
        const from = at < headBytes ? at : headBytes + ((at - headBytes) % bodyBytes);
        const length = Math.min(target.length - filled, size - from);
        const { bytesRead } = await file.read(target, filled, length, from);
        if (bytesRead === 0) throw new Error(`${path} became shorter`);
        filled += bytesRead;
      }
    },
    close: () => file.close(),
  };
}

async function firstLineBytes(file) {
  const { buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.indexOf(10) + 1;
}

/** Sources that can put bytes where they are needed still can. */
function countedSource(source) {
  const counted = {
    sizeBytes: source.sizeBytes,
    bytesRead: 0,
    async *read(range, signal) {
      for await (const piece of source.read(range, signal)) {
        counted.bytesRead += piece.length;
        yield piece;
      }
    },
  };
  if (source.readInto === undefined) return counted;
  return Object.assign(counted, {
    async readInto(target, start, signal) {
      await source.readInto(target, start, signal);
      counted.bytesRead += target.length;
    },
  });
}
