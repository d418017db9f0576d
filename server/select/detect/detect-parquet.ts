import type { ByteSource } from "../../../shared/select/byte-source.ts";
import type { ColumnType, DetectedSchema } from "../../../shared/select/schema.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { Progress } from "../output/progress.ts";
import { Columns, type Column } from "../parquet/bind-record.ts";
import { PageUnpacker } from "../parquet/decompress.ts";
import { fetchMetadata } from "../parquet/footer.ts";
import { GroupReader } from "../parquet/group-reader.ts";
import { readRowGroup } from "../parquet/metadata.ts";
import { objectBytes } from "../parquet/object-bytes.ts";
import { shapeOf, type Field, type Shape } from "../parquet/shape.ts";
import { textOf } from "../values/text.ts";
import { isPresent } from "../values/value.ts";

type Detected = Pick<DetectedSchema, "columns" | "rows">;

/** So many columns would share what is held: of each, hardly more than its first page is fetched. */
const FEW_BYTES_EACH = 1024;

/**
 * What a Parquet object holds, as its footer says, and its first rows.
 * @throws SelectError for one that is not sound; what the source throws
 */
export async function detectParquet(
  source: ByteSource,
  mostRows: number,
  signal: AbortSignal,
): Promise<Detected> {
  const progress = new Progress();
  const object = objectBytes(source, progress, signal);
  const metadata = await fetchMetadata(object);
  const record = shapeOf(metadata.schema);
  const columns = new Columns(record, null);
  const readable = record.fields.map((field) => ({ field, column: columnOf(columns, field) }));
  const [first] = metadata.rowGroupOffsets;
  const rows: (string | null)[][] = [];
  if (first !== undefined) {
    const group = readRowGroup(metadata, first, () => true, source.sizeBytes);
    const reader = new GroupReader(group, object, progress, new PageUnpacker(), FEW_BYTES_EACH);
    for (const { column } of readable)
      column?.open((leaf, scratch) => reader.open(leaf, scratch, () => false));
    for (let row = 0; row < Math.min(mostRows, group.rowCount); row += 1) {
      rows.push(
        await textsAt(
          readable.map(({ column }) => column),
          row,
        ),
      );
    }
  }
  return {
    columns: record.fields.map(({ name, shape }) => ({ name, type: typeOfShape(shape) })),
    rows,
  };
}

/** Null where the values of a column cannot be read: that is no reason not to show the others. */
function columnOf(columns: Columns, { shape }: Field): Column | null {
  try {
    return columns.columnOf(shape);
  } catch (error) {
    if (error instanceof SelectError && error.code === "UnsupportedParquetType") return null;
    throw error;
  }
}

async function textsAt(
  columns: readonly (Column | null)[],
  row: number,
): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  for (const column of columns) {
    await column?.load(row);
    const value = column?.valueAt(row) ?? null;
    texts.push(isPresent(value) ? textOf(value) : null);
  }
  return texts;
}

function typeOfShape(shape: Shape): ColumnType {
  if (shape.kind !== "leaf") return "nested";
  if (shape.leaf.physical === "INT96") return "timestamp";
  switch (shape.leaf.meaning.kind) {
    case "bool":
      return "bool";
    case "integer":
    case "unsigned":
      return "integer";
    case "float":
    case "half":
    case "decimal":
      return "decimal";
    case "date":
    case "timestamp":
      return "timestamp";
    default:
      return "string";
  }
}
