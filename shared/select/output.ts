/**
 * How an answer is written as CSV.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVOutput.html
 */
export interface CsvOutput {
  readonly quoteFields: "ASNEEDED" | "ALWAYS";
  readonly fieldDelimiter: string;
  readonly recordDelimiter: string;
  readonly quote: string;
  readonly quoteEscape: string;
}

export const DEFAULT_CSV_OUTPUT: CsvOutput = {
  quoteFields: "ASNEEDED",
  fieldDelimiter: ",",
  recordDelimiter: "\n",
  quote: '"',
  quoteEscape: '"',
};

/**
 * How an answer is written as JSON.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONOutput.html
 */
export interface JsonOutput {
  readonly recordDelimiter: string;
}

export const DEFAULT_JSON_OUTPUT: JsonOutput = { recordDelimiter: "\n" };
