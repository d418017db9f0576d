import { expect, test } from "vitest";
import { DIFFERENCES } from "./differences.ts";
import { CSV_VOCABULARY } from "./csv-vocabulary.ts";
import { JSON_VOCABULARY, PARQUET_VOCABULARY } from "./json-vocabulary.ts";
import { AGGREGATES, OPERATORS, STRICT_OPERATORS } from "./operators.ts";

const vocabularies = [CSV_VOCABULARY, JSON_VOCABULARY, PARQUET_VOCABULARY];
const operators = [
  ...OPERATORS,
  ...STRICT_OPERATORS,
  ...AGGREGATES,
  ...vocabularies.flatMap(({ operators, strict, aggregates }) => [
    ...operators,
    ...strict,
    ...aggregates,
  ]),
];

function duckDbWordsOf({ takes, duckDb }: (typeof operators)[number]): string {
  return duckDb(takes.map((_, place) => `argument${place}`));
}

test("what makes DuckDB mean what we do belongs to a difference, and is used", () => {
  const columns = vocabularies.flatMap((each) => Object.values(each.columns).flat());
  const words = [...operators.map(duckDbWordsOf), ...columns.map(({ duckDb }) => duckDb)];
  const used = words.flatMap((text) => text.match(/s3_\w+/gu) ?? []);
  const made = Object.values(DIFFERENCES).flatMap(
    ({ macro }) => /^s3_\w+/u.exec(macro ?? "") ?? [],
  );
  expect(new Set(used)).toEqual(new Set(made));
});

test("an operator that needs it says which difference", () => {
  for (const each of operators) {
    const isBridged = (each.bridges ?? []).length > 0;
    if (duckDbWordsOf(each).includes("s3_"))
      expect([each.name, isBridged]).toEqual([each.name, true]);
  }
});

test("arguments stand in both dialects, each where it belongs", () => {
  for (const { name, takes, select, duckDb } of operators) {
    const args = takes.map((_, place) => `argument${place}`);
    for (const text of [select(args), duckDb(args)]) {
      expect([name, args.filter((arg) => !text.includes(arg))]).toEqual([name, []]);
      expect(text).not.toContain("undefined");
    }
  }
});
