import { select } from "../../server/select/index.ts";
import { DEFAULT_JSON_OUTPUT } from "../../shared/select/output.ts";
import { SelectError } from "../../shared/select/select-error.ts";
import type { SelectInput } from "../../shared/select/select-request.ts";
import type { Database } from "../duckdb/database.ts";
import type { Type } from "./expression.ts";

export type Cell = string | number | boolean | null;

/** The rows of an answer in order, or what it failed with. */
export type Answer =
  | { readonly kind: "rows"; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly kind: "failed"; readonly why: string };

/** What our engine answers, given an object in pieces. */
export async function ourAnswer(
  sql: string,
  input: SelectInput,
  bytes: Uint8Array,
  pieceBytes: number,
): Promise<Answer> {
  const source = {
    sizeBytes: bytes.length,
    async *read({ start, end }: { readonly start: number; readonly end: number }) {
      for (let at = start; at < end; at += pieceBytes) {
        yield bytes.subarray(at, Math.min(at + pieceBytes, end));
      }
    },
  };
  const output = { format: "JSON", json: DEFAULT_JSON_OUTPUT } as const;
  const payloads: Uint8Array[] = [];
  try {
    const events = select({ sql, input, output }, source, new AbortController().signal);
    for await (const event of events) if (event.type === "records") payloads.push(event.payload);
  } catch (error) {
    if (error instanceof SelectError)
      return { kind: "failed", why: `${error.code}: ${error.message}` };
    throw error;
  }
  const lines = Buffer.concat(payloads).toString().split("\n").slice(0, -1);
  return { kind: "rows", rows: lines.map((line) => JSON.parse(line)) };
}

/** What DuckDB answers. */
export async function theirAnswer(database: Database, sql: string): Promise<Answer> {
  try {
    const { names, rows } = await database.query(sql);
    return {
      kind: "rows",
      rows: rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
    };
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

/** Digits that engines may differ in where a quotient has more of them than a float. */
const SAME_WITHIN = 1e-12;

/**
 * Why two answers are not the same; null where they are. What is MISSING in ours is NULL in theirs, and what fails
 * fails in both, whatever either says about it.
 * @param types of the columns `c0`, `c1`, …; null where all columns are shown
 */
export function disagreement(
  ours: Answer,
  theirs: Answer,
  types: readonly Type[] | null,
): string | null {
  if (ours.kind === "failed" || theirs.kind === "failed") {
    if (ours.kind === theirs.kind) return null;
    return ours.kind === "failed" ? `ours failed: ${ours.why}` : `theirs failed: ${whyOf(theirs)}`;
  }
  if (ours.rows.length !== theirs.rows.length) {
    return `${ours.rows.length} rows against ${theirs.rows.length}`;
  }
  for (const [index, row] of ours.rows.entries()) {
    const other = theirs.rows[index] ?? {};
    for (const [place, name] of Object.keys(other).entries()) {
      // What is within structures is asked for by paths.
      if (typeof other[name] === "object" && other[name] !== null) continue;
      const [a, b] = [plain(row[name]), plain(other[name])];
      if (isSame(a, b, types?.[place] === "ratio")) continue;
      return `row ${index}, ${name}: ${JSON.stringify(a)} against ${JSON.stringify(b)}`;
    }
  }
  return null;
}

function whyOf(answer: Answer): string {
  return answer.kind === "failed" ? answer.why : "";
}

/** A value that JSON has, with NULL for what is not there. */
export function plain(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  // JSON has no such numbers.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return JSON.stringify(value);
}

function isSame(a: Cell, b: Cell, isRounded: boolean): boolean {
  if (!isRounded || typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= SAME_WITHIN * Math.max(Math.abs(a), Math.abs(b));
}
