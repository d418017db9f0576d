/** What the first line of a CSV object is: data, names that nobody uses, or names. */
export type HeaderMode = "NONE" | "IGNORE" | "USE";

/**
 * How a CSV object is written.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVInput.html
 */
export interface CsvInput {
  readonly header: HeaderMode;
  /** One character of one byte. */
  readonly fieldDelimiter: string;
  /** One character of one byte, or two. */
  readonly recordDelimiter: string;
  readonly quote: string;
  readonly quoteEscape: string;
  /** Lines that begin so are passed over; empty for none. */
  readonly comment: string;
  /** Quoted fields may hold record delimiters. */
  readonly allowsQuotedRecordDelimiter: boolean;
}

/** What S3 Select takes where nothing else is said. */
export const DEFAULT_CSV_INPUT: CsvInput = {
  header: "NONE",
  fieldDelimiter: ",",
  recordDelimiter: "\n",
  quote: '"',
  quoteEscape: '"',
  comment: "#",
  allowsQuotedRecordDelimiter: false,
};
