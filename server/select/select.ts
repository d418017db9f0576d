import { setImmediate } from "node:timers/promises";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import { CsvScanner } from "./input/csv-scanner.ts";
import { gunzip } from "./input/decompress.ts";
import { MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES } from "./input/limits.ts";
import type { RecordReader } from "./input/record-reader.ts";
import { createCsvWriter } from "./output/csv-writer.ts";
import { createJsonWriter } from "./output/json-writer.ts";
import { scanCsv } from "./scan-csv.ts";
import { scanJson } from "./scan-json.ts";
import { recordStartsOf, type RecordStarts } from "./scan-range.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type {
  SelectCounts,
  SelectEvent,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { parseQuery } from "./sql/parse-query.ts";
import type { Query } from "./sql/syntax.ts";
import { Timestamp } from "./values/timestamp.ts";

/** Answers leave once there is so much of them, in bytes … */
const PAYLOAD_BYTES = 64 * 1024;

/** … or so much time has passed, in milliseconds. */
const PAYLOAD_MS = 100;

/** How often progress is told, in milliseconds. */
const PROGRESS_MS = 500;

/** Others have their turn between pieces of at most so many bytes. */
const TURN_BYTES = 256 * 1024;

/**
 * Answers a query by reading the object's bytes, and no more of them than it needs.
 * @throws SelectError for what is wrong with the query or with the object; what the source throws; the signal's reason
 */
export async function* select(
  request: SelectRequest,
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const query = parseQuery(request.sql);
  const starts = recordStartsOf(request.scanRange, request.input, source.sizeBytes);
  const progress = new Progress(signal);
  const reading = await openReading(request, query, source, starts, progress);
  for await (const piece of reading.pieces) {
    reading.reader.push(piece);
    progress.add(reading.reader.takeText());
    yield* progress.events();
    if (reading.reader.isOver) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  reading.reader.end();
  progress.add(reading.reader.takeText());
  yield* progress.rest();
}

interface Reading {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly reader: RecordReader;
}

async function openReading(
  { input, output }: SelectRequest,
  query: Query,
  source: ByteSource,
  starts: RecordStarts,
  progress: Progress,
): Promise<Reading> {
  const now = Timestamp.ofMs(Date.now());
  const writer =
    output.format === "CSV" ? createCsvWriter(output.csv) : createJsonWriter(output.json);
  const delimiter = input.format === "CSV" ? input.csv.recordDelimiter : "\n";
  // A record begins where a delimiter ends: that of the record before is looked for, too.
  const from = Math.max(0, starts.first - delimiter.length);
  const raw = progress.counted(
    source.read({ start: from, end: source.sizeBytes }, progress.signal),
  );
  const unpacked = turns(input.compression === "GZIP" ? gunzip(raw) : raw);
  const plain = progress.processed(unpacked);
  const found =
    starts.first === 0 ? { offset: 0, pieces: plain } : await fromDelimiter(plain, delimiter, from);
  const span = { offset: found.offset, lastOffset: starts.last, header: null };
  if (input.format === "JSON") {
    const mostBytes = input.type === "DOCUMENT" ? MAX_DOCUMENT_BYTES : MAX_RECORD_BYTES;
    return { pieces: found.pieces, reader: scanJson(query, mostBytes, writer, now, span) };
  }
  const isHeaderBefore = input.csv.header === "USE" && found.offset > 0;
  const header = isHeaderBefore ? await readHeader(source, input, progress) : null;
  const reader = scanCsv(query, input.csv, writer, now, { ...span, header });
  return { pieces: found.pieces, reader };
}

/** Counts bytes, and says when events are due. */
class Progress {
  readonly signal: AbortSignal;
  #bytesScanned = 0;
  #bytesProcessed = 0;
  #bytesReturned = 0;
  #text = "";
  #sentAt = -Infinity;
  #toldAt = Date.now();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  async *counted(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.#bytesScanned += piece.length;
      yield piece;
    }
  }

  async *processed(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.#bytesProcessed += piece.length;
      yield piece;
    }
  }

  add(text: string): void {
    this.#text += text;
  }

  *events(): Iterable<SelectEvent> {
    const now = Date.now();
    if (
      this.#text.length >= PAYLOAD_BYTES ||
      (this.#text !== "" && now - this.#sentAt >= PAYLOAD_MS)
    ) {
      this.#sentAt = now;
      yield* this.#records();
    }
    if (now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    yield { type: "progress", counts: this.#counts() };
  }

  *rest(): Iterable<SelectEvent> {
    yield* this.#records();
    yield { type: "stats", counts: this.#counts() };
  }

  *#records(): Iterable<SelectEvent> {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    for (let start = 0; start < bytes.length; start += PAYLOAD_BYTES) {
      const payload = bytes.subarray(start, start + PAYLOAD_BYTES);
      this.#bytesReturned += payload.length;
      yield { type: "records", payload };
    }
  }

  #counts(): SelectCounts {
    return {
      bytesScanned: this.#bytesScanned,
      bytesProcessed: this.#bytesProcessed,
      bytesReturned: this.#bytesReturned,
    };
  }
}

/** Cuts pieces to a size after which others have their turn. */
async function* turns(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; start += TURN_BYTES) {
      yield piece.subarray(start, start + TURN_BYTES);
    }
  }
}

/**
 * The bytes behind the first delimiter.
 * @param from offset of the first byte
 */
async function fromDelimiter(
  pieces: AsyncIterable<Uint8Array>,
  delimiter: string,
  from: number,
): Promise<{ readonly offset: number; readonly pieces: AsyncIterable<Uint8Array> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let offset = from;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) return { offset, pieces: empty() };
    held = Buffer.concat([held, value]);
    const at = held.indexOf(delimiter);
    if (at !== -1) {
      const end = at + delimiter.length;
      return { offset: offset + end, pieces: before(held.subarray(end), iterator) };
    }
    // A delimiter may lie across two pieces.
    const keptBytes = Math.min(held.length, delimiter.length - 1);
    offset += held.length - keptBytes;
    held = held.subarray(held.length - keptBytes);
  }
}

async function* empty(): AsyncIterable<Uint8Array> {}

async function* before(
  first: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  try {
    yield first;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** The names of the columns, which stand at the object's beginning and nowhere else. */
async function readHeader(
  source: ByteSource,
  input: Extract<SelectInput, { format: "CSV" }>,
  progress: Progress,
): Promise<readonly string[]> {
  let header: readonly string[] | null = null;
  const scanner = new CsvScanner(input.csv, (row) => {
    header = row.texts();
    return false;
  });
  const range = { start: 0, end: Math.min(source.sizeBytes, MAX_RECORD_BYTES) };
  for await (const piece of progress.counted(source.read(range, progress.signal))) {
    scanner.push(piece);
    if (header !== null) return header;
  }
  if (range.end === source.sizeBytes) scanner.end();
  if (header !== null) return header;
  throw new SelectError(
    "OverMaxRecordSize",
    `The header is longer than ${MAX_RECORD_BYTES} bytes.`,
  );
}
