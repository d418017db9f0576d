import type { ResultColumn } from "../run/column-table.ts";
import type { ResultStore } from "../run/result-store.ts";
import { createRowReader, type Row } from "../run/row-reader.ts";
import { csvField } from "./csv-field.ts";
import { inSlices, type SlicePorts } from "./in-slices.ts";
import { TextPieces } from "./text-pieces.ts";

/** Most that is copied, in characters, because the clipboard takes one text as a whole. */
const MAX_COPY_LENGTH = 8 * 1024 * 1024;

/** An answer to be written. */
export interface ExportedResult {
  readonly rows: ResultStore;
  readonly columns: readonly ResultColumn[];
}

/**
 * An answer as CSV with its names in the first line: NULL and MISSING are both empty.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export async function csvFile(result: ExportedResult, ports: SlicePorts): Promise<Blob> {
  const header = lineOf(result.columns.map(({ name }) => name).map(csvField), ",", "\r\n");
  const pieces = new TextPieces(header);
  await eachRow(result, ports, (row) => {
    pieces.add(
      lineOf(
        row.map((cell) => csvField(textIn(cell))),
        ",",
        "\r\n",
      ),
    );
    return true;
  });
  return pieces.blob("text/csv");
}

/** An answer as a JSON list, its records as they came: every digit of a number is kept. */
export async function jsonFile({ rows }: ExportedResult, ports: SlicePorts): Promise<Blob> {
  const decoder = new TextDecoder();
  const pieces = new TextPieces("[");
  await inSlices(
    rows.rowCount,
    (index) => {
      const record = rows.record(index);
      if (record === null) return false;
      const { bytes, start, end } = record;
      pieces.add(`${index === 0 ? "\n" : ",\n"}${decoder.decode(bytes.subarray(start, end))}`);
      return true;
    },
    ports,
  );
  pieces.add("\n]\n");
  return pieces.blob("application/json");
}

/** Rows as a spreadsheet takes them from the clipboard, and how many of them there was room for. */
export async function tabbedText(
  result: ExportedResult,
  ports: SlicePorts,
): Promise<{ readonly text: string; readonly rowCount: number }> {
  let text = lineOf(
    result.columns.map(({ name }) => tabbedField(name)),
    "\t",
    "\n",
  );
  let rowCount = 0;
  await eachRow(result, ports, (row) => {
    const line = lineOf(
      row.map((cell) => tabbedField(textIn(cell))),
      "\t",
      "\n",
    );
    if (text.length + line.length > MAX_COPY_LENGTH) return false;
    text += line;
    rowCount += 1;
    return true;
  });
  return { text, rowCount };
}

function eachRow(
  { rows, columns }: ExportedResult,
  ports: SlicePorts,
  onRow: (row: Row) => boolean,
): Promise<void> {
  const read = createRowReader(columns);
  const step = (index: number) => {
    const record = rows.record(index);
    return record !== null && onRow(read(record.bytes, record.start, record.end));
  };
  return inSlices(rows.rowCount, step, ports);
}

function textIn(cell: Row[number]): string {
  return cell === null || cell === undefined || cell.kind === "null" ? "" : cell.text;
}

function lineOf(fields: readonly string[], delimiter: string, end: string): string {
  return fields.join(delimiter) + end;
}

/** The clipboard's format has no quotes that all programs know: what would break a row becomes a space. */
function tabbedField(text: string): string {
  return text.replaceAll(/[\t\r\n]+/g, " ");
}
