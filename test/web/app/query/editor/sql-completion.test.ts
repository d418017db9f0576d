import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { rangeAt } from "../../../../../web/app/query/editor/error-range.ts";
import { completeSql } from "../../../../../web/app/query/editor/sql-completion.ts";

const COLUMNS = [
  { name: "name", type: "string" },
  { name: "unit price", type: "decimal" },
  { name: "surname", type: "string" },
] as const;

/** Labels offered behind a text, and where they go. */
function offered(text: string, explicit = false) {
  const context = new CompletionContext(EditorState.create({ doc: text }), text.length, explicit);
  const result = completeSql(context, COLUMNS);
  return result && { from: result.from, labels: result.options.map(({ label }) => label) };
}

describe("completion", () => {
  test("offers columns before functions and words that begin so, then those that hold it", () => {
    expect(offered("SELECT na")).toEqual({ from: 7, labels: ["name", "surname"] });
    expect(offered("SELECT c")?.labels).toEqual([
      "COUNT",
      "CAST",
      "COALESCE",
      "CHAR_LENGTH",
      "CHARACTER_LENGTH",
      "CASE",
    ]);
  });

  test("offers columns alone behind the alias or a quote, which they replace", () => {
    expect(offered("SELECT s.")).toEqual({ from: 7, labels: ["name", "unit price", "surname"] });
    expect(offered('SELECT s."un')).toEqual({ from: 7, labels: ["unit price"] });
    expect(offered('SELECT "un')).toEqual({ from: 7, labels: ["unit price"] });
  });

  test("writes a column as the language needs it", () => {
    const state = EditorState.create({ doc: "SELECT un" });
    const result = completeSql(new CompletionContext(state, 9, false), COLUMNS);
    expect(result?.options[0]?.apply).toBe('s."unit price"');
  });

  test("keeps still within a text, and behind a space unless it is asked for", () => {
    expect(offered("SELECT 'na")).toBeNull();
    expect(offered("SELECT 'it''s na")).toBeNull();
    expect(offered("SELECT ")).toBeNull();
    expect(offered("SELECT * FROM S3Object s")).toBeNull();
    expect(offered("SELECT * FROM S3Object[*].users[*] u")).toBeNull();
    expect(offered("SELECT s.name AS na")).toBeNull();
    expect(offered("SELECT ", true)?.labels).toContain("SUM");
  });
});

describe("what is underlined", () => {
  test.each([
    ["SELECT * FORM S3Object", 1, 10, "FORM"],
    ["SELECT *\nFROM S3Object s\nWHERE s.a >> 1", 3, 12, ">"],
    ["SELECT 'it''s' x FROM", 1, 8, "'it''s'"],
    ['SELECT s."a b" FROM', 1, 10, '"a b"'],
    ["SELECT * FROM S3Object WHERE", 1, 29, "E"],
    ["SELECT a", 9, 9, "a"],
  ])("in %j at line %d, column %d", (text, line, column, word) => {
    const { from, to } = rangeAt(text, { line, column });
    expect(text.slice(from, to)).toBe(word);
  });
});
