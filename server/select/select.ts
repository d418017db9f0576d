import { setImmediate } from "node:timers/promises";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import { CsvScanner } from "./input/csv-scanner.ts";
import { unpack } from "./input/decompress.ts";
import { MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES } from "./input/limits.ts";
import type { RecordReader } from "./input/record-reader.ts";
import { scanBehind } from "./input/scan-behind.ts";
import { createCsvWriter } from "./output/csv-writer.ts";
import { createJsonWriter } from "./output/json-writer.ts";
import { Progress } from "./output/progress.ts";
import { scanCsv } from "./scan-csv.ts";
import { scanJson } from "./scan-json.ts";
import { recordStartsOf, type RecordStarts } from "./scan-range.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type {
  SelectEvent,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { parseQuery } from "./sql/parse-query.ts";
import type { Query } from "./sql/syntax.ts";
import { Timestamp } from "./values/timestamp.ts";

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
  const { input, scanRange } = request;
  const starts = recordStartsOf(scanRange, input, source.sizeBytes);
  const progress = new Progress();
  const header = await headerBefore(starts, input, source, progress, signal);
  const { reader, from } = openReader(request, query, starts, header);
  const raw = progress.counted(source.read({ start: from, end: source.sizeBytes }, signal));
  const unpacked = turns(unpack(raw, input.compression));
  for await (const piece of progress.processed(unpacked)) {
    reader.push(piece);
    progress.add(reader.takeText());
    yield* progress.events();
    if (reader.isOver) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  reader.end();
  progress.add(reader.takeText());
  yield* progress.rest();
}

/** What takes the bytes, and where they begin. */
interface Reading {
  readonly reader: RecordReader;
  readonly from: number;
}

function openReader(
  { input, output }: SelectRequest,
  query: Query,
  starts: RecordStarts,
  header: readonly string[] | null,
): Reading {
  const now = Timestamp.ofMs(Date.now());
  const writer =
    output.format === "CSV" ? createCsvWriter(output.csv) : createJsonWriter(output.json);
  const scan = (offset: number): RecordReader => {
    const span = { offset, lastOffset: starts.last, header };
    if (input.format === "CSV") return scanCsv(query, input.csv, writer, now, span);
    const mostBytes = input.type === "DOCUMENT" ? MAX_DOCUMENT_BYTES : MAX_RECORD_BYTES;
    return scanJson(query, mostBytes, writer, now, span);
  };
  if (starts.first === 0) return { reader: scan(0), from: 0 };
  const delimiter = input.format === "CSV" ? input.csv.recordDelimiter : "\n";
  // A record begins where a delimiter ends: that of the record before is looked for, too.
  const from = Math.max(0, starts.first - delimiter.length);
  return { reader: scanBehind(delimiter, from, scan), from };
}

/** Cuts pieces to a size after which others have their turn. */
async function* turns(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; start += TURN_BYTES) {
      yield piece.subarray(start, start + TURN_BYTES);
    }
  }
}

/** The names of the columns, which stand at the object's beginning and nowhere else; null where they are not needed. */
async function headerBefore(
  { first }: RecordStarts,
  input: SelectInput,
  source: ByteSource,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (first === 0 || input.format !== "CSV" || input.csv.header !== "USE") return null;
  let header: readonly string[] | null = null;
  const scanner = new CsvScanner(input.csv, (row) => {
    header = row.texts();
    return false;
  });
  const range = { start: 0, end: Math.min(source.sizeBytes, MAX_RECORD_BYTES) };
  for await (const piece of progress.counted(source.read(range, signal))) {
    scanner.push(piece);
    if (header !== null) return header;
  }
  if (range.end === source.sizeBytes) scanner.end();
  if (header !== null) return header;
  const detail = `The header is longer than ${MAX_RECORD_BYTES} bytes.`;
  throw new SelectError("OverMaxRecordSize", detail);
}
