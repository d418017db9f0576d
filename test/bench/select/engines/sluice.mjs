import { open as openFile } from "node:fs/promises";
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
      return { rows: () => rowsOf(payloads), bytesRead: counted.bytesRead };
    },
    async close() {
      objects?.close();
      await engine.close();
    },
  };
}

async function startEngine(built, workers) {
  const { select, startSelect } = await import(`${built}/server/select/index.js`);
  if (startSelect !== undefined) return startSelect({ workers });
  if (workers > 1) throw new Error("this build reads an object in one thread only");
  return { select, close: async () => undefined };
}

/**
 * A file; with `repeat` as if what is behind its first line stood there so many times, which takes no disk.
 */
async function fileSource(path, repeat) {
  const file = await openFile(path);
  const { size } = await file.stat();
  const headBytes = repeat === 1 ? 0 : await firstLineBytes(file);
  const bodyBytes = size - headBytes;
  return {
    sizeBytes: headBytes + bodyBytes * repeat,
    async *read({ start, end }, signal) {
      for (let at = start; at < end;) {
        signal.throwIfAborted();
        const from = at < headBytes ? at : headBytes + ((at - headBytes) % bodyBytes);
        const length = Math.min(PIECE_BYTES, end - at, size - from);
        const piece = Buffer.allocUnsafeSlow(length);
        const { bytesRead } = await file.read(piece, 0, length, from);
        if (bytesRead === 0) throw new Error(`${path} became shorter`);
        yield piece.subarray(0, bytesRead);
        at += bytesRead;
      }
    },
    close: () => file.close(),
  };
}

async function firstLineBytes(file) {
  const { buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.indexOf(10) + 1;
}

function countedSource(source) {
  return {
    sizeBytes: source.sizeBytes,
    bytesRead: 0,
    async *read(range, signal) {
      for await (const piece of source.read(range, signal)) {
        this.bytesRead += piece.length;
        yield piece;
      }
    },
  };
}

function rowsOf(payloads) {
  const lines = Buffer.concat(payloads).toString().split("\n").slice(0, -1);
  return lines.map((line) => Object.values(JSON.parse(line)));
}
