import type { Words } from "./expression.ts";
import { same } from "./leaves.ts";
import { call, operator } from "./operator.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** DuckDB's integers have as few bits as their columns. */
const asInteger = (path: string): Words => ({ select: path, duckDb: `CAST(${path} AS BIGINT)` });

const asDouble = (path: string): Words => ({ select: path, duckDb: `CAST(${path} AS DOUBLE)` });

const TEXT_EXTREMES = [
  operator("MIN", ["text"], "text", call("MIN")),
  operator("MAX", ["text"], "text", call("MAX")),
];

/** Columns of JSON, which have types, and paths into them. */
export const JSON_VOCABULARY: Vocabulary = {
  columns: {
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
  },
  operators: [],
  strict: [],
  aggregates: TEXT_EXTREMES,
};

/** The same in Parquet, which has types of its own. */
export const PARQUET_VOCABULARY: Vocabulary = {
  columns: {
    int: [
      asInteger("s.i"),
      asInteger("s.I"),
      asInteger("s.o.k"),
      { select: "s.a[0]", duckDb: "CAST(s.a[1] AS BIGINT)" },
      { select: "CAST(s.n AS INT)", duckDb: "s.n" },
    ],
    dec: [asDouble("s.f"), asDouble('s."f"'), asDouble("s.n")],
    float: [{ select: "CAST(s.f AS FLOAT)", duckDb: "CAST(s.f AS DOUBLE)" }],
    text: [same("s.t"), same("u"), same("s.u"), same("s.o.t")],
    bool: [same("s.b")],
    time: [same("s.d"), same("d")],
  },
  operators: [],
  strict: [],
  aggregates: TEXT_EXTREMES,
};
