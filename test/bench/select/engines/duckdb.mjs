import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "../../../duckdb/node-api.mjs";
import { rowsOfLines } from "../answer.mjs";

/** DuckDB in memory. It writes its answer as lines of JSON, as ours does, because an answer is for somebody to read. */
export async function open({ threads }) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-duckdb-"));
  const path = join(folder, "answer");
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  return {
    async ask({ sql }) {
      await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT json)`);
      return { rows: async () => rowsOfLines(await readFile(path, "utf8")), bytesRead: null };
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true });
    },
  };
}
