import { readFileSync } from "node:fs";
import type { ByteRange } from "../../../../shared/byte-range.ts";
import type { ByteSource } from "../../../../shared/select/byte-source.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import type { ScanRange, SelectCounts } from "../../../../shared/select/select-request.ts";
import { select } from "../../../../server/select/select.ts";

/** Files of other writers, by their names. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.parquet`, import.meta.url));
}

/** Bytes in memory, which notes what ranges were read. */
export interface CountingSource extends ByteSource {
  readonly ranges: ByteRange[];
}

export function countingSource(bytes: Uint8Array): CountingSource {
  const ranges: ByteRange[] = [];
  return {
    sizeBytes: bytes.length,
    ranges,
    async *read({ start, end }, signal) {
      ranges.push({ start, end });
      for (let at = start; at < end; at += 1000) {
        signal.throwIfAborted();
        yield bytes.subarray(at, Math.min(end, at + 1000));
      }
    },
  };
}

interface Asked {
  readonly format?: "csv" | "json";
  readonly scanRange?: ScanRange;
  readonly signal?: AbortSignal;
}

/** What a query answers, and what it counted. */
export async function answerOf(
  sql: string,
  source: ByteSource,
  { format = "json", scanRange, signal = new AbortController().signal }: Asked = {},
): Promise<{ readonly text: string; readonly counts: SelectCounts | null }> {
  const output =
    format === "csv"
      ? ({ format: "CSV", csv: DEFAULT_CSV_OUTPUT } as const)
      : ({ format: "JSON", json: DEFAULT_JSON_OUTPUT } as const);
  const input = { format: "PARQUET", compression: "NONE" } as const;
  const request = { sql, input, output, ...(scanRange && { scanRange }) };
  const payloads: Uint8Array[] = [];
  let counts: SelectCounts | null = null;
  for await (const event of select(request, source, signal)) {
    if (event.type === "records") payloads.push(event.payload);
    else if (event.type === "stats") counts = event.counts;
  }
  return { text: Buffer.concat(payloads).toString(), counts };
}

/** The records of an answer about a fixture. */
export async function ask(sql: string, name: string, asked: Asked = {}): Promise<unknown[]> {
  const { text } = await answerOf(sql, countingSource(fixture(name)), asked);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}
