import { setImmediate } from "node:timers/promises";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import type {
  SelectEvent,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { unpack } from "./input/decompress.ts";
import { readHeader } from "./input/header.ts";
import { MAX_DOCUMENT_BYTES } from "./input/limits.ts";
import { readAhead } from "./input/read-ahead.ts";
import type { RecordReader } from "./input/record-reader.ts";
import { scanBehind } from "./input/scan-behind.ts";
import { Progress } from "./output/progress.ts";
import { writerOf } from "./output/writer-of.ts";
import { scanCsv } from "./scan-csv.ts";
import { scanJson } from "./scan-json.ts";
import { recordStartsOf, type RecordStarts } from "./scan-range.ts";
import type { Query } from "./sql/syntax.ts";
import { Timestamp } from "./values/timestamp.ts";

/** Others have their turn between pieces of at most so many bytes. */
const TURN_BYTES = 256 * 1024;

/** How an object is written whose records may end anywhere. */
export type PiecewiseInput = Extract<SelectInput, { format: "CSV" | "JSON" }>;

/**
 * Answers a query about an object that nobody can cut without having read all that comes before.
 * @throws SelectError; what the source throws; the signal's reason
 */
export async function* selectByPieces(
  request: SelectRequest,
  input: PiecewiseInput,
  query: Query,
  source: ByteSource,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const starts = recordStartsOf(request.scanRange, input, source.sizeBytes);
  const progress = new Progress();
  const isHeaderElsewhere =
    starts.first > 0 && input.format === "CSV" && input.csv.header === "USE";
  const header = isHeaderElsewhere ? await readHeader(input.csv, source, progress, signal) : null;
  const { reader, from } = openReader(request, input, query, starts, header);
  const range = { start: from, end: source.sizeBytes };
  const raw = progress.counted(readAhead(source, range, signal));
  const unpacked = turns(unpack(raw, input.compression));
  for await (const piece of progress.processed(unpacked)) {
    reader.push(piece);
    progress.add(reader.takeBytes());
    yield* progress.events();
    if (reader.isOver) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  reader.end();
  progress.add(reader.takeBytes());
  yield* progress.rest();
}

/** What takes the bytes, and where they begin. */
interface Reading {
  readonly reader: RecordReader;
  readonly from: number;
}

function openReader(
  { output }: SelectRequest,
  input: PiecewiseInput,
  query: Query,
  starts: RecordStarts,
  header: readonly string[] | null,
): Reading {
  const now = Timestamp.ofMs(Date.now());
  const writer = writerOf(output);
  const scan = (offset: number): RecordReader => {
    const span = { offset, lastOffset: starts.last, header };
    return input.format === "CSV"
      ? scanCsv(query, input.csv, writer, now, span)
      : scanJson(query, MAX_DOCUMENT_BYTES, writer, now, span);
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
