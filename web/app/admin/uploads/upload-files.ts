import { csvField } from "../../query/export/csv-field.ts";
import { inSlices, type SlicePorts } from "../../query/export/in-slices.ts";
import { TextPieces } from "../../query/export/text-pieces.ts";
import { costOf } from "./arrangement.ts";
import { livenessOf, type UploadTable } from "./upload-table.ts";

/** A value of a file; `null` where it is not known, or there is none. */
type Value = string | number | null;

/** An upload as files have it: names of fields, and what is in them. */
type Described = Readonly<Record<(typeof FIELDS)[number], Value>>;

const FIELDS = [
  "key",
  "uploadId",
  "liveness",
  "heardAt",
  "initiatedAt",
  "sizeBytes",
  "partCount",
  "lastPartAt",
  "fileName",
  "fileSizeBytes",
  "owner",
  "initiator",
  "storageClass",
  "costUsdPerMonth",
  "abortsAt",
] as const;

/** Uploads as CSV, names in the first line; texts that a spreadsheet would take for formulas stay texts. */
export async function uploadsCsv(
  table: UploadTable,
  rows: ArrayLike<number>,
  ports: SlicePorts,
): Promise<Blob> {
  const pieces = new TextPieces(`${FIELDS.join(",")}\r\n`);
  await eachRow(rows, ports, (row) => {
    const upload = describeUpload(table, row);
    pieces.add(`${FIELDS.map((field) => fieldOf(upload[field])).join(",")}\r\n`);
  });
  return pieces.blob("text/csv");
}

/** Uploads as a JSON list. */
export async function uploadsJson(
  table: UploadTable,
  rows: ArrayLike<number>,
  ports: SlicePorts,
): Promise<Blob> {
  const pieces = new TextPieces("[");
  await eachRow(rows, ports, (row, index) => {
    pieces.add(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(describeUpload(table, row))}`);
  });
  pieces.add("\n]\n");
  return pieces.blob("application/json");
}

function eachRow(
  rows: ArrayLike<number>,
  ports: SlicePorts,
  write: (row: number, index: number) => void,
): Promise<void> {
  const step = (index: number) => {
    write(rows[index] ?? 0, index);
    return true;
  };
  return inSlices(rows.length, step, ports);
}

function describeUpload(table: UploadTable, row: number): Described {
  return {
    key: table.keys[row] ?? "",
    uploadId: table.uploadIds[row] ?? "",
    liveness: livenessOf(table, row),
    heardAt: timestamp(table.heardAtMs[row]),
    initiatedAt: timestamp(table.initiatedAtMs[row]),
    sizeBytes: known(table.heldBytes[row]),
    partCount: known(table.partCounts[row]),
    lastPartAt: timestamp(table.lastPartAtMs[row]),
    fileName: table.fileNames[row] ?? null,
    fileSizeBytes: known(table.fileSizeBytes[row]),
    owner: table.owners[row] ?? null,
    initiator: table.initiators[row] ?? null,
    storageClass: table.storageClasses[row] ?? null,
    costUsdPerMonth: known(costOf(table, row)),
    abortsAt: timestamp(table.abortsAtMs[row]),
  };
}

function known(value = Number.NaN): number | null {
  return Number.isNaN(value) ? null : value;
}

function timestamp(ms = Number.NaN): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/**
 * A text that begins like a formula gets an apostrophe before it: whoever uploads chooses the key, and an admin
 * opens the file.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function fieldOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return csvField(/^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value);
}
