import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { CsvInput } from "../../../shared/select/csv-input.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Progress } from "../output/progress.ts";
import { CsvScanner } from "./csv-scanner.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";

/**
 * Reads the names of the columns, which stand at an object's beginning and nowhere else.
 * @throws SelectError `OverMaxRecordSize`; what the source throws
 */
export async function readHeader(
  csv: CsvInput,
  source: ByteSource,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let header: readonly string[] | null = null;
  const scanner = new CsvScanner(csv, (row) => {
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
