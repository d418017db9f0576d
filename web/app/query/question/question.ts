/** What an object may hold. */
export type InputFormat = "csv" | "json" | "parquet";

/** What an object may be wrapped in; `auto` leaves it to the server. */
export type InputCompression = "auto" | "none" | "gzip" | "bzip2";

/** How CSV is written. */
export interface CsvForm {
  readonly header: "use" | "ignore" | "none";
  /** One character of ASCII. */
  readonly fieldDelimiter: string;
  /** One character of ASCII, or two. */
  readonly recordDelimiter: string;
  readonly quote: string;
  readonly quoteEscape: string;
  /** Empty: no line is a comment. */
  readonly comment: string;
  readonly allowQuotedRecordDelimiter: boolean;
}

/** How an object is read. */
export interface InputForm {
  readonly format: InputFormat;
  readonly compression: InputCompression;
  readonly csv: CsvForm;
  readonly json: "document" | "lines";
}

/** Records that begin between two bytes, both included; `null`: the object's own beginning or end. */
export interface ScanForm {
  readonly start: number | null;
  readonly end: number | null;
}

/** A query about an object, as a person asks it. */
export interface Question {
  readonly key: string;
  readonly sql: string;
  readonly input: InputForm;
  readonly scan: ScanForm;
}

export const WHOLE: ScanForm = { start: null, end: null };

/** How an object is read as long as nobody has looked at it. */
export const DEFAULT_INPUT: InputForm = {
  format: "csv",
  compression: "auto",
  csv: {
    header: "use",
    fieldDelimiter: ",",
    recordDelimiter: "\n",
    quote: '"',
    quoteEscape: '"',
    comment: "",
    allowQuotedRecordDelimiter: false,
  },
  json: "lines",
};

/** The body of `POST /api/select` that asks it. */
export function selectBody({ key, sql, input, scan }: Question): object {
  const { format, compression, csv, json } = input;
  const range = {
    ...(scan.start !== null && { start: scan.start }),
    ...(scan.end !== null && { end: scan.end }),
  };
  return {
    key,
    sql,
    input: {
      format,
      compression: format === "parquet" ? "none" : compression,
      ...(format === "csv" && { csv: csvBody(csv) }),
      ...(format === "json" && { json: { type: json } }),
    },
    output: { format: "json" },
    ...(Object.keys(range).length > 0 && { scanRange: range }),
  };
}

function csvBody({ comment, ...csv }: CsvForm): object {
  return { ...csv, ...(comment !== "" && { comment }) };
}

/**
 * Why no part of an object can be asked when it is read so, as a sentence; `null` where it can.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html#AmazonS3-SelectObjectContent-request-ScanRange
 */
export function whyNoScanRange(input: InputForm): string | null {
  const { format, compression, csv, json } = input;
  if (format === "parquet") return null;
  if (compression === "gzip" || compression === "bzip2") {
    return "What is compressed can only be read from its beginning.";
  }
  if (format === "json" && json === "document") {
    return "A JSON document is one piece: only JSON lines have records to begin at.";
  }
  if (format === "csv" && csv.allowQuotedRecordDelimiter) {
    return "Where quotes may hold line ends, nobody can tell from the middle where a record begins.";
  }
  return null;
}
