import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { openDatabase } from "../../duckdb/database.ts";
import { literalOf } from "../../duckdb/literal.ts";
import { csvHeader, csvLine, datasetRows, jsonLine, ROWS_PER_MIB } from "./dataset-rows.ts";
import { duckDbTable } from "./questions.ts";

/** The same rows in every format; `sorted` is Parquet, ordered by price. */
export type Format = "csv" | "ndjson" | "csv.gz" | "parquet" | "sorted";

/** A file of rows, and the beginning of the same. */
export interface DataFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** After decompression; for Parquet that of the file. */
  readonly unpackedBytes: number;
  /** The first rows, in a file of their own: contestants warm up with it. */
  readonly warmPath: string;
}

export type Dataset = Readonly<Record<Format, DataFile>>;

/** Changed whenever the rows or the files are: what lies there from before is made anew. */
const VERSION = 2;

/** So much that code is compiled by then as it is in a server that has been answering for a while. */
const WARM_MIB = 64;
const BLOCK_ROWS = 5000;
const PIECE_BYTES = 1024 * 1024;
const ROW_GROUP_ROWS = 122_880;

/**
 * Finds the data in a folder, or makes it there: of its CSV there are so many MiB.
 * @param say is told of what takes long
 */
export async function ensureDataset(
  folder: string,
  mib: number,
  say: (text: string) => void,
): Promise<Dataset> {
  const whole = await ensureFiles(folder, mib, say);
  const warm = await ensureFiles(folder, WARM_MIB, say);
  const fileOf = (format: Format): DataFile => {
    const path = join(whole, `rows.${format}`);
    const sizeBytes = statSync(path).size;
    const unpackedBytes = format === "csv.gz" ? statSync(join(whole, "rows.csv")).size : sizeBytes;
    return { path, sizeBytes, unpackedBytes, warmPath: join(warm, `rows.${format}`) };
  };
  return {
    csv: fileOf("csv"),
    ndjson: fileOf("ndjson"),
    "csv.gz": fileOf("csv.gz"),
    parquet: fileOf("parquet"),
    sorted: fileOf("sorted"),
  };
}

/** The bytes are read once, so that all contestants find them in memory. */
export function intoPageCache({ path }: DataFile): void {
  const file = openSync(path, "r");
  const piece = Buffer.alloc(PIECE_BYTES);
  while (readSync(file, piece) > 0);
  closeSync(file);
}

/** Answers the folder; half-made ones are never found. */
async function ensureFiles(
  folder: string,
  mib: number,
  say: (text: string) => void,
): Promise<string> {
  const done = join(folder, `${mib}-mib-${VERSION}`);
  if (existsSync(done)) return done;
  const rowCount = Math.round(mib * ROWS_PER_MIB);
  say(`Making ${rowCount.toLocaleString("en")} rows in ${done} …`);
  const made = `${done}.half`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  writeRows(made, rowCount);
  await pipeline(
    createReadStream(join(made, "rows.csv"), { highWaterMark: PIECE_BYTES }),
    createGzip({ chunkSize: PIECE_BYTES }),
    createWriteStream(join(made, "rows.csv.gz")),
  );
  await writeParquet(made);
  renameSync(made, done);
  return done;
}

function writeRows(dir: string, rowCount: number): void {
  const csv = openSync(join(dir, "rows.csv"), "w");
  const ndjson = openSync(join(dir, "rows.ndjson"), "w");
  let [csvText, jsonText] = [csvHeader(), ""];
  for (const row of datasetRows(rowCount)) {
    csvText += csvLine(row);
    jsonText += jsonLine(row);
    if (row.id % BLOCK_ROWS !== 0 && row.id !== rowCount) continue;
    writeSync(csv, csvText);
    writeSync(ndjson, jsonText);
    [csvText, jsonText] = ["", ""];
  }
  closeSync(csv);
  closeSync(ndjson);
}

async function writeParquet(dir: string): Promise<void> {
  const database = await openDatabase(2);
  const rows = `SELECT * FROM ${duckDbTable("ndjson", join(dir, "rows.ndjson"))}`;
  try {
    await database.run(`SET temp_directory = ${literalOf(dir)}`);
    await database.run("SET memory_limit = '2GB'");
    for (const [format, order] of [
      ["parquet", ""],
      ["sorted", "ORDER BY price"],
    ] as const) {
      const to = literalOf(join(dir, `rows.${format}`));
      const options = `FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`;
      await database.run(`COPY (${rows} ${order}) TO ${to} (${options})`);
    }
  } finally {
    database.close();
  }
}
