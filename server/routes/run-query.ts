import type { SelectQuery } from "../../shared/api.ts";
import { DEFAULT_CSV_INPUT } from "../../shared/select/csv-input.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../shared/select/output.ts";
import type {
  Compression,
  SelectEvent,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { Storage } from "../s3/index.ts";
import { requireReadable } from "./require-readable.ts";
import { compressionOf, select } from "../select/index.ts";

/** What is remembered from query to query: whether the storage answers them itself. */
export interface SelectMemory {
  hasNative: boolean;
}

/** A query that has begun: its first event is there. */
export interface QueryAnswer {
  readonly engine: "native" | "embedded";
  readonly first: IteratorResult<SelectEvent>;
  readonly rest: AsyncIterator<SelectEvent>;
}

/**
 * Has a query answered, by the storage where it can and by us where it cannot, and waits for its first event.
 * @throws SelectError for what is wrong with the query or the object; ProblemError
 */
export async function runQuery(
  query: SelectQuery,
  storage: Pick<Storage, "gateway" | "bytesOf" | "selectNatively">,
  memory: SelectMemory,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const { key, engine = "auto" } = query;
  const source = storage.bytesOf(key, await requireReadable(storage.gateway, key));
  const request = await requestOf(query, source, signal);
  if (engine === "native" || (engine === "auto" && memory.hasNative)) {
    try {
      return await begin("native", storage.selectNatively(key, request, signal));
    } catch (error) {
      const cannot = error instanceof ProblemError && error.code === "select-unsupported";
      if (!cannot || engine === "native") throw error;
      memory.hasNative = false;
    }
  }
  return begin("embedded", select(request, source, signal));
}

async function begin(
  engine: QueryAnswer["engine"],
  events: AsyncIterable<SelectEvent>,
): Promise<QueryAnswer> {
  const rest = events[Symbol.asyncIterator]();
  return { engine, first: await rest.next(), rest };
}

async function requestOf(
  { sql, input, output, scanRange }: SelectQuery,
  source: ByteSource,
  signal: AbortSignal,
): Promise<SelectRequest> {
  const compression = await packedBy(input.compression ?? "auto", source, signal);
  return {
    sql,
    input: inputOf(input, compression),
    output:
      output?.format === "csv"
        ? { format: "CSV", csv: DEFAULT_CSV_OUTPUT }
        : { format: "JSON", json: DEFAULT_JSON_OUTPUT },
    ...(scanRange && {
      scanRange: {
        ...(scanRange.start !== undefined && { start: scanRange.start }),
        ...(scanRange.end !== undefined && { end: scanRange.end }),
      },
    }),
  };
}

function inputOf(
  { format, csv = {}, json }: SelectQuery["input"],
  compression: Compression,
): SelectInput {
  if (format === "json") {
    return { format: "JSON", compression, type: json?.type === "lines" ? "LINES" : "DOCUMENT" };
  }
  const given = DEFAULT_CSV_INPUT;
  return {
    format: "CSV",
    compression,
    csv: {
      header: HEADERS[csv.header ?? "use"],
      fieldDelimiter: csv.fieldDelimiter ?? given.fieldDelimiter,
      recordDelimiter: csv.recordDelimiter ?? given.recordDelimiter,
      quote: csv.quote ?? given.quote,
      quoteEscape: csv.quoteEscape ?? given.quoteEscape,
      // Without a say, no line of somebody's data is taken for a comment.
      comment: csv.comment ?? "",
      allowsQuotedRecordDelimiter: csv.allowQuotedRecordDelimiter ?? false,
    },
  };
}

const HEADERS = { use: "USE", ignore: "IGNORE", none: "NONE" } as const;

const COMPRESSIONS = { none: "NONE", gzip: "GZIP", bzip2: "BZIP2" } as const;

/** As many bytes tell by what an object is packed. */
const HEAD_BYTES = 10;

async function packedBy(
  asked: keyof typeof COMPRESSIONS | "auto",
  source: ByteSource,
  signal: AbortSignal,
): Promise<Compression> {
  if (asked !== "auto") return COMPRESSIONS[asked];
  const end = Math.min(HEAD_BYTES, source.sizeBytes);
  const head: number[] = [];
  for await (const piece of source.read({ start: 0, end }, signal)) head.push(...piece);
  return compressionOf(Uint8Array.from(head));
}
