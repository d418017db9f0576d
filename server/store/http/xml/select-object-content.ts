import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../../shared/select/csv-input.ts";
import {
  DEFAULT_CSV_OUTPUT,
  DEFAULT_JSON_OUTPUT,
  type CsvOutput,
} from "../../../../shared/select/output.ts";
import type { SelectErrorCode } from "../../../../shared/select/select-error-code.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";
import type {
  Compression,
  ScanRange,
  SelectInput,
  SelectOutput,
  SelectRequest,
} from "../../../../shared/select/select-request.ts";
import { child, childText, parseXml, type XmlElement } from "./parse.ts";

/** A query, and whether its progress is wanted. */
export interface SelectDocument {
  readonly request: SelectRequest;
  readonly wantsProgress: boolean;
}

/**
 * Decodes the request of SelectObjectContent.
 * @throws MalformedXML; SelectError for values that S3 has not; NotImplemented for those that this store has not
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
 */
export function parseSelectObjectContent(xml: string): SelectDocument {
  if (xml.trim() === "") throw new SelectError("EmptyRequestBody", "The request has no body.");
  const root = parseXml(xml, "SelectObjectContentRequest", "SelectRequest");
  if (required(root, "ExpressionType") !== "SQL") {
    throw new SelectError("InvalidExpressionType", "ExpressionType is SQL.");
  }
  const scanRange = child(root, "ScanRange");
  const progress = child(root, "RequestProgress");
  return {
    request: {
      sql: required(root, "Expression"),
      input: inputOf(requiredChild(root, "InputSerialization")),
      output: outputOf(requiredChild(root, "OutputSerialization")),
      ...(scanRange && { scanRange: scanRangeOf(scanRange) }),
    },
    wantsProgress: progress !== undefined && booleanOf(progress, "Enabled", false),
  };
}

function inputOf(element: XmlElement): SelectInput {
  const [format, ...others] = ["CSV", "JSON", "Parquet"].filter((name) => child(element, name));
  if (others.length > 0) throw conflict("InputSerialization");
  const compression = compressionOf(childText(element, "CompressionType")?.trim() ?? "NONE");
  const csv = child(element, "CSV");
  if (csv) return { format: "CSV", compression, csv: csvInputOf(csv) };
  const json = child(element, "JSON");
  if (json) return { format: "JSON", compression, type: jsonTypeOf(json) };
  if (format === undefined) {
    throw new SelectError("InvalidDataSource", "InputSerialization names CSV, JSON or Parquet.");
  }
  return { format: "PARQUET", compression: uncompressed(compression) };
}

function uncompressed(compression: Compression): "NONE" {
  if (compression === "NONE") return compression;
  const detail = "Parquet is compressed within itself: its CompressionType is NONE.";
  throw new SelectError("InvalidCompressionFormat", detail);
}

function compressionOf(name: string): Compression {
  if (name === "NONE" || name === "GZIP" || name === "BZIP2") return name;
  throw new SelectError("InvalidCompressionFormat", "CompressionType is NONE, GZIP or BZIP2.");
}

function csvInputOf(csv: XmlElement): CsvInput {
  const allowed = ["NONE", "IGNORE", "USE"] as const;
  const given = childText(csv, "FileHeaderInfo")?.trim().toUpperCase() ?? DEFAULT_CSV_INPUT.header;
  const header = allowed.find((mode) => mode === given);
  if (header === undefined) {
    throw new SelectError("InvalidFileHeaderInfo", "FileHeaderInfo is NONE, IGNORE or USE.");
  }
  return {
    header,
    fieldDelimiter: characters(csv, "FieldDelimiter", DEFAULT_CSV_INPUT.fieldDelimiter, 1),
    recordDelimiter: characters(csv, "RecordDelimiter", DEFAULT_CSV_INPUT.recordDelimiter, 2),
    quote: characters(csv, "QuoteCharacter", DEFAULT_CSV_INPUT.quote, 1),
    quoteEscape: characters(csv, "QuoteEscapeCharacter", DEFAULT_CSV_INPUT.quoteEscape, 1),
    comment: characters(csv, "Comments", DEFAULT_CSV_INPUT.comment, 1),
    allowsQuotedRecordDelimiter: booleanOf(csv, "AllowQuotedRecordDelimiter", false),
  };
}

function jsonTypeOf(json: XmlElement): "DOCUMENT" | "LINES" {
  const type = childText(json, "Type")?.trim().toUpperCase() ?? "";
  if (type === "DOCUMENT" || type === "LINES") return type;
  throw new SelectError("InvalidJsonType", "The type of JSON is DOCUMENT or LINES.");
}

function outputOf(element: XmlElement): SelectOutput {
  const csv = child(element, "CSV");
  const json = child(element, "JSON");
  if (csv && json) throw conflict("OutputSerialization");
  if (csv) return { format: "CSV", csv: csvOutputOf(csv) };
  if (!json)
    throw new SelectError("MissingRequiredParameter", "OutputSerialization names CSV or JSON.");
  const recordDelimiter = characters(
    json,
    "RecordDelimiter",
    DEFAULT_JSON_OUTPUT.recordDelimiter,
    MAX_OUTPUT_DELIMITER,
  );
  return { format: "JSON", json: { recordDelimiter } };
}

/** Records of an answer may be set apart by whatever the client likes, within reason; in characters. */
const MAX_OUTPUT_DELIMITER = 16;

function csvOutputOf(csv: XmlElement): CsvOutput {
  const quoteFields = childText(csv, "QuoteFields")?.trim() ?? DEFAULT_CSV_OUTPUT.quoteFields;
  if (quoteFields !== "ASNEEDED" && quoteFields !== "ALWAYS") {
    throw new SelectError("InvalidQuoteFields", "QuoteFields is ASNEEDED or ALWAYS.");
  }
  const { fieldDelimiter, recordDelimiter, quote, quoteEscape } = DEFAULT_CSV_OUTPUT;
  return {
    quoteFields,
    fieldDelimiter: characters(csv, "FieldDelimiter", fieldDelimiter, MAX_OUTPUT_DELIMITER),
    recordDelimiter: characters(csv, "RecordDelimiter", recordDelimiter, MAX_OUTPUT_DELIMITER),
    quote: characters(csv, "QuoteCharacter", quote, 1),
    quoteEscape: characters(csv, "QuoteEscapeCharacter", quoteEscape, 1),
  };
}

function scanRangeOf(element: XmlElement): ScanRange {
  const bound = (name: string): number | undefined => {
    const text = childText(element, name)?.trim();
    if (text === undefined) return undefined;
    if (/^\d{1,16}$/u.test(text)) return Number(text);
    throw new SelectError("InvalidScanRange", `${name} of the scan range is a number from 0.`);
  };
  const start = bound("Start");
  const end = bound("End");
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

/** A text of ASCII; an element without text means the default. */
function characters(element: XmlElement, name: string, byDefault: string, most: number): string {
  const text = childText(element, name) ?? "";
  if (text === "") return byDefault;
  // oxlint-disable-next-line no-control-regex -- delimiters may be any byte that is a character alone
  if (text.length <= most && /^[\x00-\x7f]*$/u.test(text)) return text;
  const detail = `${name} has at most ${most} characters of ASCII.`;
  throw new SelectError("InvalidRequestParameter", detail);
}

function booleanOf(element: XmlElement, name: string, byDefault: boolean): boolean {
  const text = childText(element, name)?.trim().toLowerCase();
  if (text === undefined || text === "") return byDefault;
  if (text === "true" || text === "false") return text === "true";
  throw new SelectError("InvalidRequestParameter", `${name} is TRUE or FALSE.`);
}

function required(root: XmlElement, name: string): string {
  const text = childText(root, name);
  if (text === undefined || text.trim() === "") throw missing(name);
  return text;
}

function requiredChild(root: XmlElement, name: string): XmlElement {
  const element = child(root, name);
  if (element === undefined) throw missing(name);
  return element;
}

function missing(name: string): SelectError {
  const code: SelectErrorCode = "MissingRequiredParameter";
  return new SelectError(code, `The request has no ${name}.`);
}

function conflict(name: string): SelectError {
  return new SelectError("ObjectSerializationConflict", `${name} names one format.`);
}
