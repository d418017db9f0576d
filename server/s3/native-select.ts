import {
  SelectObjectContentCommand,
  S3ServiceException,
  type S3Client,
  type SelectObjectContentCommandInput,
} from "@aws-sdk/client-s3";
import { SELECT_ERROR_STATUS } from "../../shared/select/select-error-code.ts";
import type {
  SelectCounts,
  SelectEvent,
  SelectInput,
  SelectOutput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import { ProblemError } from "../../shared/problem.ts";
import { toProblem } from "./s3-error.ts";
import { selectFault } from "./select-fault.ts";

/** Codes by which storages say that they have no Select at all; others say so by a status. */
const CANNOT: ReadonlySet<string> = new Set([
  "NotImplemented",
  "MethodNotAllowed",
  "UnsupportedOperation",
  "NotSupported",
]);

/**
 * Has the storage answer a query.
 * @throws SelectError with S3's code; ProblemError `select-unsupported` where the storage has no Select, and what
 * else it says; the signal's reason
 */
export async function* selectNatively(
  client: S3Client,
  Bucket: string,
  Key: string,
  request: SelectRequest,
  signal: AbortSignal,
): AsyncGenerator<SelectEvent, void, undefined> {
  try {
    const command = new SelectObjectContentCommand({ Bucket, Key, ...commandOf(request) });
    const { Payload = [] } = await client.send(command, { abortSignal: signal });
    let hasEnd = false;
    for await (const { Records, Progress, Stats, End } of Payload) {
      if (Records?.Payload) yield { type: "records", payload: Records.Payload };
      if (Progress?.Details) yield { type: "progress", counts: countsOf(Progress.Details) };
      if (Stats?.Details) yield { type: "stats", counts: countsOf(Stats.Details) };
      if (End) hasEnd = true;
    }
    // Without it, the answer is not the whole answer.
    if (!hasEnd) throw new ProblemError("storage-error", "The storage broke off its answer.");
  } catch (error) {
    signal.throwIfAborted();
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProblemError) return error;
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
  if (CANNOT.has(error.name) || status === 405 || status === 501) {
    return new ProblemError("select-unsupported", "The storage answers no queries.", {
      cause: error,
      s3Code: error.name,
    });
  }
  const code = (Object.keys(SELECT_ERROR_STATUS) as (keyof typeof SELECT_ERROR_STATUS)[]).find(
    (known) => known === error.name && known !== "InternalError" && known !== "Busy",
  );
  return code === undefined ? toProblem(error, "Ask the object") : selectFault(code, error.message);
}

function countsOf(details: {
  readonly BytesScanned?: number | undefined;
  readonly BytesProcessed?: number | undefined;
  readonly BytesReturned?: number | undefined;
}): SelectCounts {
  const { BytesScanned = 0, BytesProcessed = 0, BytesReturned = 0 } = details;
  return {
    bytesScanned: BytesScanned,
    bytesProcessed: BytesProcessed,
    bytesReturned: BytesReturned,
  };
}

function commandOf({
  sql,
  input,
  output,
  scanRange,
}: SelectRequest): Omit<SelectObjectContentCommandInput, "Bucket" | "Key"> {
  return {
    Expression: sql,
    ExpressionType: "SQL",
    RequestProgress: { Enabled: true },
    InputSerialization: inputOf(input),
    OutputSerialization: outputOf(output),
    ...(scanRange && { ScanRange: { Start: scanRange.start, End: scanRange.end } }),
  };
}

function inputOf(input: SelectInput): SelectObjectContentCommandInput["InputSerialization"] {
  const { compression: CompressionType } = input;
  if (input.format === "JSON") return { CompressionType, JSON: { Type: input.type } };
  if (input.format === "PARQUET") return { CompressionType, Parquet: {} };
  const { csv } = input;
  return {
    CompressionType,
    CSV: {
      FileHeaderInfo: csv.header,
      FieldDelimiter: csv.fieldDelimiter,
      RecordDelimiter: csv.recordDelimiter,
      QuoteCharacter: csv.quote,
      QuoteEscapeCharacter: csv.quoteEscape,
      ...(csv.comment !== "" && { Comments: csv.comment }),
      AllowQuotedRecordDelimiter: csv.allowsQuotedRecordDelimiter,
    },
  };
}

function outputOf(output: SelectOutput): SelectObjectContentCommandInput["OutputSerialization"] {
  if (output.format === "JSON") {
    return { JSON: { RecordDelimiter: output.json.recordDelimiter } };
  }
  const { csv } = output;
  return {
    CSV: {
      QuoteFields: csv.quoteFields,
      FieldDelimiter: csv.fieldDelimiter,
      RecordDelimiter: csv.recordDelimiter,
      QuoteCharacter: csv.quote,
      QuoteEscapeCharacter: csv.quoteEscape,
    },
  };
}
