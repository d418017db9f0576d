import { expect, test } from "vitest";
import {
  clearHistory,
  readHistory,
  rememberQuestion,
} from "../../../../../web/app/query/question/query-history.ts";
import { WHOLE } from "../../../../../web/app/query/question/question.ts";

function memory(): () => Storage {
  const entries = new Map<string, string>();
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
  return () => storage as unknown as Storage;
}

const question = (sql: string) => ({ key: "a.csv", sql, input: null, scan: WHOLE });
const sqlOf = (entries: ReturnType<typeof readHistory>) =>
  entries.map((entry) => entry.question.sql);

test("the latest question comes first, each once", () => {
  const storage = memory();
  for (const [at, sql] of ["one", "two", "one"].entries()) {
    rememberQuestion(storage, question(sql), at);
  }
  expect(sqlOf(readHistory(storage))).toEqual(["one", "two"]);
  expect(readHistory(storage)[0]?.askedAt).toBe(2);
});

test("as many are kept as there is room for", () => {
  const storage = memory();
  for (let at = 0; at < 60; at += 1) rememberQuestion(storage, question(`q${at}`), at);
  expect(readHistory(storage)).toHaveLength(50);
  for (let at = 0; at < 10; at += 1) {
    rememberQuestion(storage, question(`${at}${"x".repeat(20_000)}`), at);
  }
  const kept = readHistory(storage);
  expect(kept.length).toBeLessThan(6);
  expect(kept[0]?.question.sql.startsWith("9")).toBe(true);
});

test("nothing is left once it is cleared", () => {
  const storage = memory();
  rememberQuestion(storage, question("q"), 1);
  clearHistory(storage);
  expect(readHistory(storage)).toEqual([]);
});

test("closed storage and what somebody else wrote are no history", () => {
  const closed = () => {
    throw new DOMException("denied", "SecurityError");
  };
  expect(sqlOf(rememberQuestion(closed, question("q"), 1))).toEqual(["q"]);
  expect(readHistory(closed)).toEqual([]);
  for (const text of ["{}", "[1]", "no json"]) {
    const storage = memory();
    storage().setItem("sluice.query-history", text);
    expect(readHistory(storage)).toEqual([]);
  }
});
