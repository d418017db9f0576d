import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_CSV_INPUT } from "../../shared/select/csv-input.ts";
import type { Database } from "../duckdb/database.ts";
import { isDuckDbInstalled } from "../duckdb/install.mjs";
import { disagreement, ourAnswer, plain, theirAnswer, type Answer } from "./answers.ts";
import { DIFFERENCES, type Difference } from "./differences.ts";
import { CSV_VOCABULARY } from "./csv-vocabulary.ts";
import { queryWords, type Query } from "./expression.ts";
import { JSON_VOCABULARY, PARQUET_VOCABULARY } from "./json-vocabulary.ts";
import { loadTable } from "./load-table.ts";
import { queriesOver } from "./queries.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { CSV_TABLES, JSON_TABLES, PARQUET_TABLES, type Table } from "./tables.ts";

/** Queries in all; `npm run test:integration` installs DuckDB where it can. */
const QUERY_COUNT = Number(process.env["SLUICE_ORACLE_QUERIES"] ?? 4000);
const QUERIES_PER_TABLE = 20;
const TIME_LIMIT_MS = 60_000 + QUERY_COUNT * 20;

/** Queries that both refuse say little: there are no more of them. */
const MOST_REFUSED = 0.1;

interface Scene {
  readonly format: string;
  readonly tables: fc.Arbitrary<Table>;
  readonly vocabulary: Vocabulary;
}

const SCENES: readonly Scene[] = [
  { format: "CSV", tables: CSV_TABLES, vocabulary: CSV_VOCABULARY },
  { format: "JSON", tables: JSON_TABLES, vocabulary: JSON_VOCABULARY },
  { format: "Parquet", tables: PARQUET_TABLES, vocabulary: PARQUET_VOCABULARY },
];

const absent = isDuckDbInstalled()
  ? ""
  : " (skipped: DuckDB is not installed; `npm run test:integration` installs it)";

describe.skipIf(absent !== "")(`DuckDB as an oracle${absent}`, () => {
  let database: Database;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sluice-oracle-"));
    const { openDatabase } = await import("../duckdb/database.ts");
    database = await openDatabase(1);
    for (const { macro } of differences()) {
      if (macro !== null) await database.run(`CREATE MACRO ${macro}`);
    }
  });

  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(SCENES)(
    "answers queries about $format as we do",
    async ({ tables, vocabulary }) => {
      const queries = fc.array(queriesOver(vocabulary), {
        minLength: 1,
        maxLength: QUERIES_PER_TABLE,
        size: "max",
      });
      const counts = { asked: 0, refused: 0 };
      const property = fc.asyncProperty(tables, queries, async (table, asked) => {
        const bytes = await loadTable(database, folder, table);
        for (const query of asked) {
          const { kind } = await agreedAnswer(table, bytes, query);
          counts.asked += 1;
          if (kind === "failed") counts.refused += 1;
        }
      });
      const wanted = QUERY_COUNT / SCENES.length;
      await fc.assert(property, { numRuns: Math.ceil((2.5 * wanted) / QUERIES_PER_TABLE) });
      expect(counts.asked).toBeGreaterThan(wanted);
      expect(counts.refused / counts.asked).toBeLessThan(MOST_REFUSED);
    },
    TIME_LIMIT_MS,
  );

  /** @throws Error where the two do not agree */
  async function agreedAnswer(table: Table, bytes: Uint8Array, query: Query): Promise<Answer> {
    const { select, duckDb, types } = queryWords(query);
    const ours = await ourAnswer(select, table.input, bytes, table.pieceBytes);
    const theirs = await theirAnswer(database, duckDb);
    const why = disagreement(ours, theirs, types);
    if (why !== null)
      throw new Error(
        `${why}\n${select}\n${duckDb}\n${JSON.stringify(table.parquet)}\n${table.text}`,
      );
    return ours;
  }

  test.each(Object.entries(DIFFERENCES))("differs in this: %s", async (_, difference) => {
    const { json, csv, sql, duckDb = sql, ours, theirs }: Difference = difference;
    const input =
      csv === undefined
        ? ({ format: "JSON", compression: "NONE", type: "LINES" } as const)
        : ({ format: "CSV", compression: "NONE", csv: DEFAULT_CSV_INPUT } as const);
    const text = csv ?? json ?? "{}";
    const path = join(folder, "example");
    writeFileSync(path, text);
    const table =
      csv === undefined
        ? `read_json('${path}', format = 'newline_delimited')`
        : `read_csv('${path}', header = false, columns = {'_1': 'VARCHAR'})`;
    const bytes = Buffer.from(text);
    const our = await ourAnswer(`SELECT ${sql} AS c0 FROM S3Object s`, input, bytes, 1000);
    const from = csv === undefined && json === undefined ? "" : `FROM ${table} s`;
    const their = await theirAnswer(database, `SELECT ${duckDb} AS c0 ${from}`);
    expect(ours).not.toBe(theirs);
    expect({ ours: onlyValueOf(our), theirs: onlyValueOf(their) }).toEqual({ ours, theirs });
  });
});

function differences(): readonly Difference[] {
  return Object.values(DIFFERENCES);
}

function onlyValueOf(answer: Answer) {
  return answer.kind === "failed" ? "error" : plain(answer.rows[0]?.["c0"]);
}
