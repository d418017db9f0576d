import { same } from "./leaves.ts";
import { call, operator } from "./operator.ts";
import type { Vocabulary } from "./vocabulary.ts";

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
  aggregates: [
    operator("MIN", ["text"], "text", call("MIN")),
    operator("MAX", ["text"], "text", call("MAX")),
  ],
};
