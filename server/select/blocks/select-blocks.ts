import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type {
  SelectEvent,
  SelectInput,
  SelectRequest,
} from "../../../shared/select/select-request.ts";
import { readHeader } from "../input/header.ts";
import { Answer } from "../output/answer.ts";
import { writerOf } from "../output/writer-of.ts";
import { Progress } from "../output/progress.ts";
import { planCsv, wholeRow } from "../scan-csv.ts";
import { planJson, wholeValue } from "../scan-json.ts";
import { recordStartsOf, type RecordStarts } from "../scan-range.ts";
import type { Query } from "../sql/syntax.ts";
import { Timestamp } from "../values/timestamp.ts";
import type { BlockCrew } from "./block-crew.ts";
import { takeHeader, type HeaderAndRest } from "./block-header.ts";
import { BlockReader } from "./block-reader.ts";
import type { BlockAnswer, BlockTask } from "./block-scan.ts";
import { blocksInOrder } from "./blocks-in-order.ts";
import { openSupply } from "./byte-supply.ts";

/** Whether a record ends wherever its delimiter stands, so that an object can be cut there. */
export function isInBlocks(input: SelectInput): boolean {
  if (input.format === "JSON") return input.type === "LINES";
  if (input.format !== "CSV") return false;
  const { recordDelimiter, quote, quoteEscape, allowsQuotedRecordDelimiter } = input.csv;
  const [first, second] = recordDelimiter;
  const isOther = first !== second && first !== quote && first !== quoteEscape;
  return isOther && !allowsQuotedRecordDelimiter;
}

/**
 * Answers a query from blocks of whole records, which the crew scans.
 * @throws SelectError; what the source throws; the signal's reason
 */
export async function* selectByBlocks(
  request: SelectRequest,
  query: Query,
  source: ByteSource,
  crew: BlockCrew,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  try {
    yield* selectByCrew(request, query, source, crew, signal);
  } finally {
    crew.close();
  }
}

async function* selectByCrew(
  request: SelectRequest,
  query: Query,
  source: ByteSource,
  crew: BlockCrew,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const { input, scanRange } = request;
  const starts = recordStartsOf(scanRange, input, source.sizeBytes);
  const progress = new Progress();
  const delimiter = input.format === "CSV" ? input.csv.recordDelimiter : "\n";
  // A record begins where a delimiter ends: that of the record before is looked for, too.
  const offset = Math.max(0, starts.first - delimiter.length);
  const stop = new AbortController();
  const range = { start: offset, end: source.sizeBytes };
  const whileWanted = AbortSignal.any([signal, stop.signal]);
  const supply = openSupply(source, range, input.compression, crew.memory, progress, whileWanted);
  const span = { offset, isBehindDelimiter: starts.first > 0, lastOffset: starts.last };
  const blocks = new BlockReader(supply, crew.memory, delimiter, span);
  const reader: Reader = { next: (slot) => crew.fill(() => blocks.next(slot)) };
  try {
    const begin = await beginning(starts, input, source, reader, crew, progress, signal);
    yield* answerBlocks({ request, query, begin }, reader, crew, progress, signal);
  } finally {
    stop.abort();
    await supply.close().catch(() => {});
  }
}

type Reader = Pick<BlockReader, "next">;

/** Where the names come from, and what has been read by then. */
async function beginning(
  { first }: RecordStarts,
  input: SelectInput,
  source: ByteSource,
  reader: Reader,
  crew: BlockCrew,
  progress: Progress,
  signal: AbortSignal,
): Promise<HeaderAndRest> {
  if (input.format !== "CSV" || input.csv.header === "NONE") {
    return { names: [], rest: await reader.next(0) };
  }
  if (first === 0) return takeHeader(reader, input.csv, crew.memory);
  const isUsed = input.csv.header === "USE";
  const names = isUsed ? await readHeader(input.csv, source, progress, signal) : [];
  return { names, rest: await reader.next(0) };
}

interface Asked {
  readonly request: SelectRequest;
  readonly query: Query;
  readonly begin: HeaderAndRest;
}

async function* answerBlocks(
  { request: { input, output }, query, begin: { names, rest } }: Asked,
  reader: Reader,
  crew: BlockCrew,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  const header = input.format === "CSV" && input.csv.header === "USE" ? names : null;
  const task: BlockTask = { query, input, output, header, now: Timestamp.ofMs(Date.now()) };
  const whole = wholeAnswer(task);
  crew.begin(task);
  for await (const answer of blocksInOrder(rest, reader, crew, whole.leftCount, signal)) {
    progress.add(whole.take(answer));
    yield* progress.events();
    if (whole.leftCount() === 0) break;
    if (answer.error !== null) {
      yield* progress.records();
      throw answer.error;
    }
  }
  progress.add(whole.end());
  yield* progress.rest();
}

/** What the blocks' answers together amount to. */
interface WholeAnswer {
  /** Takes in the next one, and gives as much of it as is wanted. */
  take(answer: BlockAnswer): Uint8Array;
  leftCount(): number;
  end(): Uint8Array;
}

/** @throws SelectError where the query fails whatever the object holds */
function wholeAnswer(task: BlockTask): WholeAnswer {
  const { query, header, now } = task;
  const writer = writerOf(task.output);
  return task.input.format === "CSV"
    ? joining(
        query,
        new Answer(planCsv(query, header, now), writer, (row) => wholeRow(row, header)),
      )
    : joining(query, new Answer(planJson(query, now), writer, wholeValue));
}

function joining<Row>({ limit }: Query, whole: Answer<Row>): WholeAnswer {
  let left = limit ?? Infinity;
  return {
    take({ payload, recordEnds, states }) {
      if (states !== null) whole.merge(states);
      if (left === Infinity) return payload;
      const count = Math.min(left, recordEnds.length);
      left -= count;
      return payload.subarray(0, count === 0 ? 0 : recordEnds[count - 1]);
    },
    leftCount: () => left,
    end() {
      whole.end();
      return whole.takeBytes();
    },
  };
}
