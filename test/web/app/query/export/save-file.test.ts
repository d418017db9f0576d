import { expect, test } from "vitest";
import { answerFileName } from "../../../../../web/app/query/export/save-file.ts";

test.each([
  ["2026/sales.csv.gz", "sales-answer.json"],
  ["events.ndjson", "events-answer.json"],
  ["my report v1.2.parquet", "my report v1.2-answer.json"],
  ["folder/.csv", "query-answer.json"],
  ["noextension", "noextension-answer.json"],
])("the answer of %s is saved as %s", (key, name) => {
  expect(answerFileName(key, "json")).toBe(name);
});
