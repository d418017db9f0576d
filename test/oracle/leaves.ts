import fc from "fast-check";
import { literalOf } from "../duckdb/database.ts";
import type { Type, Words } from "./expression.ts";
import { EIGHTHS, MOMENT, PATTERN, SHORT_TEXT } from "./texts.ts";

/** Columns of a table by the type that they have in expressions. */
export type Columns = Readonly<Partial<Record<Type, readonly Words[]>>>;

const same = (text: string): Words => ({ select: text, duckDb: text });

/** Columns of CSV, which are text: numbers are made by CAST, or by standing beside a number. */
export const CSV_COLUMNS: Columns = {
  int: [
    { select: "CAST(s.i AS INT)", duckDb: "CAST(s.i AS BIGINT)" },
    { select: "CAST(NULLIF(s.n, '') AS INT)", duckDb: "CAST(NULLIF(s.n, '') AS BIGINT)" },
    { select: "(s.i + 1)", duckDb: "(CAST(s.i AS BIGINT) + 1)" },
    { select: "(- I)", duckDb: "(- CAST(s.i AS BIGINT))" },
  ],
  dec: [
    { select: "CAST(s.f AS DECIMAL)", duckDb: "CAST(s.f AS DOUBLE)" },
    { select: "(s.f * 2)", duckDb: "(CAST(s.f AS DOUBLE) * 2)" },
  ],
  float: [{ select: "CAST(s.f AS FLOAT)", duckDb: "CAST(s.f AS DOUBLE)" }],
  text: [same("s.t"), same("s.u"), same("t"), same('s."u"'), same("s.n")],
  bool: [
    { select: "CAST(s.b AS BOOL)", duckDb: "s3_boolean(s.b)" },
    { select: "(s.n > 3)", duckDb: "(s3_number(s.n) > 3)" },
    { select: "(s.t <= 1)", duckDb: "(s3_number(s.t) <= 1)" },
    {
      select: "(s.t = 1)",
      duckDb: "if(s.t IS NULL, NULL, coalesce(s3_number(s.t) = 1, false))",
    },
    {
      select: "(10 <> s.n)",
      duckDb: "if(s.n IS NULL, NULL, coalesce(s3_number(s.n) <> 10, true))",
    },
    { select: "(s.f BETWEEN -1.5 AND 20)", duckDb: "(CAST(s.f AS DOUBLE) BETWEEN -1.5 AND 20)" },
  ],
  time: [{ select: "CAST(s.d AS TIMESTAMP)", duckDb: "CAST(s.d AS TIMESTAMP)" }],
};

/** Columns of JSON, which have types, and paths into them. */
export const JSON_COLUMNS: Columns = {
  int: [
    same("s.i"),
    same("s.n"),
    same("s.N"),
    same("s.o.k"),
    same("s['o']['k']"),
    { select: "s.a[0]", duckDb: "s.a[1]" },
    { select: "s.o.none.at.all", duckDb: "CAST(NULL AS BIGINT)" },
  ],
  dec: [same("s.f"), same('s."f"')],
  float: [{ select: "CAST(s.f AS FLOAT)", duckDb: "s.f" }],
  text: [same("s.t"), same("u"), same("s.u"), same("s.o.t")],
  bool: [same("s.b")],
  time: [{ select: "CAST(s.d AS TIMESTAMP)", duckDb: "CAST(s.d AS TIMESTAMP)" }],
};

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
