import fc from "fast-check";
import { literalOf } from "../duckdb/literal.ts";
import type { Type, Words } from "./expression.ts";
import { EIGHTHS, MOMENT, NUMBER_LIKE, PATTERN, SHORT_TEXT } from "./texts.ts";

/** Columns of a table by the type that they have in expressions. */
export type Columns = Readonly<Partial<Record<Type, readonly Words[]>>>;

/** Words that mean the same in both dialects. */
export const same = (text: string): Words => ({ select: text, duckDb: text });

const literal = (select: string, duckDbType: string): Words => ({
  select,
  duckDb: `CAST(${select} AS ${duckDbType})`,
});

const asInteger = (value: number | bigint) => literal(String(value), "BIGINT");
const asFraction = (text: string) => literal(text, "DOUBLE");
const asText = (text: string) => same(literalOf(text));

/** Literals by their types. */
const LITERALS: Readonly<Record<Exclude<Type, "ratio">, fc.Arbitrary<Words>>> = {
  int: fc.integer({ min: -12, max: 12 }).map(asInteger),
  small: fc.integer({ min: -3, max: 7 }).map(asInteger),
  length: fc.integer({ min: 0, max: 4 }).map(asInteger),
  big: fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }).map(asInteger),
  dec: EIGHTHS.map(asFraction),
  float: fc.constantFrom("0.1", "2.5", "-7.25", "1e3").map((text) => ({
    select: `CAST(${text} AS FLOAT)`,
    duckDb: `CAST(${text} AS DOUBLE)`,
  })),
  text: SHORT_TEXT.map(asText),
  raw: NUMBER_LIKE.map(asText),
  pattern: PATTERN.map(asText),
  bool: fc.constantFrom("TRUE", "false").map(same),
  time: MOMENT.map((text) => ({ select: `\`${text}\``, duckDb: `CAST('${text}' AS TIMESTAMP)` })),
};

const DUCKDB_TYPES: Readonly<Partial<Record<Type, string>>> = {
  int: "BIGINT",
  dec: "DOUBLE",
  float: "DOUBLE",
  text: "VARCHAR",
  bool: "BOOLEAN",
  time: "TIMESTAMP",
};

/** Whatever is no call: columns most of the time, literals, and now and then NULL or MISSING. */
export function leavesOf(type: Exclude<Type, "ratio">, columns: Columns): fc.Arbitrary<Words> {
  const named = columns[type] ?? [];
  const duckDbType = DUCKDB_TYPES[type];
  const choices = [{ weight: 3, arbitrary: LITERALS[type] }];
  if (named.length > 0) choices.push({ weight: 6, arbitrary: fc.constantFrom(...named) });
  if (duckDbType !== undefined) {
    const nothing = { duckDb: `CAST(NULL AS ${duckDbType})` };
    const words = ["NULL", "MISSING"].map((select) => ({ select, ...nothing }));
    choices.push({ weight: 1, arbitrary: fc.constantFrom(...words) });
  }
  return fc.oneof(...choices);
}
