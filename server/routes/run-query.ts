import type { SelectQuery } from "../../shared/select-api.ts";
import { DEFAULT_CSV_INPUT } from "../../shared/select/csv-input.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../shared/select/output.ts";
import type {
  Compression,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { AnswerCache } from "../cache/index.ts";
import type { Storage } from "../s3/index.ts";
import { answerKey, keepWhenWhole, replay } from "./kept-answers.ts";
import { beginAnswer, type QueryAnswer } from "./query-answer.ts";
import { requireReadable } from "./require-readable.ts";
import { compressionOf, type QueryEngine } from "../select/index.ts";

/** What queries are answered with. */
export interface QueryPorts {
  readonly storage: Pick<Storage, "bucket" | "gateway" | "bytesOf" | "selectNatively">;
  readonly answers: AnswerCache;
  readonly select: QueryEngine["select"];
  /** Remembered from query to query: whether the storage answers them itself. */
  readonly memory: { hasNative: boolean };
}

/**
 * Has a query answered, from what was answered before, by the storage where it can and by us where it cannot, and
 * waits for its first event.
 * @throws SelectError for what is wrong with the query or the object; ProblemError
 */
export async function runQuery(
  query: SelectQuery,
  ports: QueryPorts,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const { storage, answers } = ports;
  const { key, input } = query;
  const object = await requireReadable(storage.gateway, key);
  const { bucket } = storage;
  const asked = input.compression ?? "auto";
  const known = asked === "auto" ? "NONE" : COMPRESSIONS[asked];
  const request = requestOf(query, known);
  const kept = answerKey({ bucket, query, request, object, isPackingKnown: asked !== "auto" });
  const before = kept === null ? undefined : await answers.get(kept);
  if (before) return replay(before);
  const source = storage.bytesOf(key, object);
  const compression = asked === "auto" ? await packedBy(source, signal) : known;
  const answer = await ask(query, requestOf(query, compression), source, ports, signal);
  if (kept === null) return answer;
  // Ours reads by ETag; a storage's own Select asks whatever lies there now. An answer that is not kept is none the worse.
  const isCurrent = async () =>
    answer.engine === "embedded" ||
    (await storage.gateway.headObject(key).catch(() => null))?.etag === object.etag;
  return keepWhenWhole(answer, answers, kept, isCurrent);
}

async function ask(
  { key, engine = "auto" }: SelectQuery,
  request: SelectRequest,
  source: ByteSource,
  { storage, select, memory }: QueryPorts,
  signal: AbortSignal,
): Promise<QueryAnswer> {
  if (engine === "native" || (engine === "auto" && memory.hasNative)) {
    try {
      return await beginAnswer("native", storage.selectNatively(key, request, signal));
    } catch (error) {
      const cannot = error instanceof ProblemError && error.code === "select-unsupported";
      if (!cannot || engine === "native") throw error;
      memory.hasNative = false;
    }
  }
  return beginAnswer("embedded", select(request, source, signal));
}

function requestOf(
  { sql, input, output, scanRange }: SelectQuery,
  compression: Compression,
): SelectRequest {
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
  if (format === "parquet") return { format: "PARQUET", compression: uncompressed(compression) };
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

function uncompressed(compression: Compression): "NONE" {
  if (compression === "NONE") return compression;
  const detail = "Parquet is compressed within itself: leave the compression out.";
  throw new SelectError("InvalidCompressionFormat", detail);
}

const HEADERS = { use: "USE", ignore: "IGNORE", none: "NONE" } as const;

const COMPRESSIONS = { none: "NONE", gzip: "GZIP", bzip2: "BZIP2" } as const;

/** As many bytes tell by what an object is packed. */
const HEAD_BYTES = 10;

async function packedBy(source: ByteSource, signal: AbortSignal): Promise<Compression> {
  const end = Math.min(HEAD_BYTES, source.sizeBytes);
  const head: number[] = [];
  for await (const piece of source.read({ start: 0, end }, signal)) head.push(...piece);
  return compressionOf(Uint8Array.from(head));
}
