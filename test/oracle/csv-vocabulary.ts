import type { Operator, Words } from "./expression.ts";
import { same } from "./leaves.ts";
import { operator } from "./operator.ts";
import type { Vocabulary } from "./vocabulary.ts";

const asInteger = (name: string): string => `CAST(s.${name} AS BIGINT)`;
const asFloat = (name: string): string => `CAST(s.${name} AS DOUBLE)`;

const total = (name: string, gives: Operator["gives"], words: Words): Operator =>
  operator(
    name,
    [],
    gives,
    () => words.select,
    () => words.duckDb,
  );

/** Columns of CSV, which are text: numbers are made by CAST, or by standing beside a number. */
export const CSV_VOCABULARY: Vocabulary = {
  columns: {
    int: [
      { select: "CAST(s.i AS INT)", duckDb: asInteger("i") },
      { select: "CAST(NULLIF(s.n, '') AS INT)", duckDb: "CAST(NULLIF(s.n, '') AS BIGINT)" },
      { select: "(s.i + 1)", duckDb: `(${asInteger("i")} + 1)` },
      { select: "(- I)", duckDb: `(- ${asInteger("i")})` },
    ],
    dec: [
      { select: "CAST(s.f AS DECIMAL)", duckDb: asFloat("f") },
      { select: "(s.f * 2)", duckDb: `(${asFloat("f")} * 2)` },
    ],
    float: [{ select: "CAST(s.f AS FLOAT)", duckDb: asFloat("f") }],
    text: [same("s.t"), same("s.u"), same("t"), same('s."u"'), same("s.n"), same("s.m")],
    raw: [same("s.m"), same("s.m"), same("m"), same("s.n"), same("s.i"), same("s.f"), same("s.t")],
    bool: [{ select: "CAST(s.b AS BOOL)", duckDb: "s3_boolean(s.b)" }],
    time: [{ select: "CAST(s.d AS TIMESTAMP)", duckDb: "CAST(s.d AS TIMESTAMP)" }],
  },
  operators: besideNumbers(),
  strict: [
    operator(
      "CAST text to integer",
      ["raw"],
      "int",
      (a) => `CAST(${a} AS INT)`,
      (a) => `s3_integer(${a})`,
      ["text to integer"],
    ),
    operator(
      "CAST text to float",
      ["raw"],
      "float",
      (a) => `CAST(${a} AS FLOAT)`,
      (a) => `s3_float(${a})`,
      ["text to float"],
    ),
    operator(
      "CAST text to decimal",
      ["raw"],
      "ratio",
      (a) => `CAST(${a} AS DECIMAL)`,
      (a) => `s3_float(${a})`,
      ["text to float"],
    ),
    operator(
      "+ of text",
      ["raw", "dec"],
      "ratio",
      (a, b) => `(${a} + ${b})`,
      (a, b) => `(s3_float(${a}) + ${b})`,
      ["text to float"],
    ),
  ],
  aggregates: [
    total("SUM of text", "int", { select: "SUM(s.i)", duckDb: `SUM(${asInteger("i")})` }),
    total("SUM of text", "dec", { select: "SUM(s.f)", duckDb: `SUM(${asFloat("f")})` }),
    total("AVG of text", "ratio", { select: "AVG(s.f)", duckDb: `AVG(${asFloat("f")})` }),
    total("MIN of text", "int", { select: "MIN(s.i)", duckDb: `MIN(${asInteger("i")})` }),
    total("MAX of text", "dec", { select: "MAX(s.f)", duckDb: `MAX(${asFloat("f")})` }),
    total("COUNT of text", "int", same("COUNT(s.u)")),
    total("COUNT of text", "int", same("COUNT(m)")),
  ],
};

/** Text beside a number is one where it reads as one, and else neither equal to it nor before or behind it. */
function besideNumbers(): Operator[] {
  const bridges = ["text beside a number in CSV"] as const;
  const unlessNumber = { "=": "false", "<>": "true" } as const;
  const ordered = (["<", "<=", ">", ">="] as const).flatMap((symbol) => [
    operator(
      symbol,
      ["raw", "dec"],
      "bool",
      (a, b) => `(${a} ${symbol} ${b})`,
      (a, b) => `(s3_number(${a}) ${symbol} ${b})`,
      bridges,
    ),
    operator(
      symbol,
      ["int", "raw"],
      "bool",
      (a, b) => `(${a} ${symbol} ${b})`,
      (a, b) => `(${a} ${symbol} s3_number(${b}))`,
      bridges,
    ),
  ]);
  const equal = (["=", "<>"] as const).map((symbol) =>
    operator(
      symbol,
      ["raw", "dec"],
      "bool",
      (a, b) => `(${a} ${symbol} ${b})`,
      (a, b) =>
        `if(${a} IS NULL OR ${b} IS NULL, NULL, coalesce(s3_number(${a}) ${symbol} ${b}, ${unlessNumber[symbol]}))`,
      bridges,
    ),
  );
  const between = operator(
    "BETWEEN",
    ["raw", "int", "dec"],
    "bool",
    (a, b, c) => `(${a} BETWEEN ${b} AND ${c})`,
    (a, b, c) => `(s3_number(${a}) BETWEEN ${b} AND ${c})`,
    bridges,
  );
  return [...ordered, ...equal, between];
}
