import { describe, expect, test } from "vitest";
import { parseQuery } from "../../../../../server/select/sql/parse-query.ts";
import { examplesFor } from "../../../../../web/app/query/question/query-examples.ts";
import {
  columnsAsRead,
  pathOf,
  targetOf,
} from "../../../../../web/app/query/question/query-target.ts";

const COLUMNS = [
  { name: "name", type: "string" },
  { name: "item price", type: "decimal" },
  { name: "date", type: "timestamp" },
] as const;
const titles = (examples: ReturnType<typeof examplesFor>) => examples.map(({ title }) => title);

describe("examples", () => {
  const setting = { isText: true, firstRow: ["Ann", "3.5", "2026-11-27"] };

  test("fit the columns, and are queries", () => {
    const examples = examplesFor(targetOf(COLUMNS, [], false), setting);
    expect(titles(examples)).toEqual([
      "First rows",
      "Some columns",
      "Filter",
      "Count",
      "Average",
      "LIKE",
      "Arithmetic",
    ]);
    for (const { sql } of examples) parseQuery(sql);
    expect(examples[1]?.sql).toBe(
      'SELECT s.name, s."item price", s."date" FROM S3Object s LIMIT 100',
    );
    expect(examples[2]?.sql).toContain(`CAST(s."item price" AS DECIMAL) > 100`);
    expect(examples[5]?.sql).toContain("LIKE 'An%'");
  });

  test("ask for no numbers and texts where there are none, and cast what is no text", () => {
    const none = examplesFor({ from: "S3Object s", columns: [] }, { isText: true, firstRow: [] });
    expect(titles(none)).toEqual(["First rows", "Count"]);
    const json = examplesFor(targetOf(COLUMNS, [], false), {
      ...setting,
      isText: false,
    });
    expect(json[2]?.sql).not.toContain("CAST");
  });
});

describe("what a query is about", () => {
  const nested = (name: string) => [{ name, type: "nested" as const }];

  test.each([
    ["a list at the root", "_1", "S3Object[*][*] s"],
    ["a list in a document", "users", "S3Object[*].users[*] s"],
    ["a list by a name of two words", "my users", 'S3Object[*]."my users"[*] s'],
  ])("%s is its records", (_, name, from) => {
    const firstRow = ['[{"id":1,"tags":["x"],"half":0.5}]'];
    expect(targetOf(nested(name), firstRow, true)).toEqual({
      from,
      columns: [
        { name: "id", type: "integer" },
        { name: "tags", type: "nested" },
        { name: "half", type: "decimal" },
      ],
    });
  });

  test.each([["[1,2]"], ['{"a":1}'], ['[{"a":'], [null]])("%s is no list of records", (value) => {
    expect(targetOf(nested("a"), [value], true).from).toBe("S3Object s");
  });

  test("names that could be taken for something else stand in quotes", () => {
    expect(["id", "_1", "user", "a-b", 'say "x"', "1st", "größe"].map(pathOf)).toEqual([
      "s.id",
      "s._1",
      's."user"',
      's."a-b"',
      's."say ""x"""',
      's."1st"',
      's."größe"',
    ]);
  });

  test("columns are numbered where the first line is not their names", () => {
    const schema = { columns: [...COLUMNS], rows: [["n", "", "d"]] };
    const names = (usesNames: boolean, detected: boolean) =>
      columnsAsRead(schema, usesNames, detected).map(({ name }) => name);
    expect(names(true, true)).toEqual(["name", "item price", "date"]);
    expect(names(false, true)).toEqual(["_1", "_2", "_3"]);
    expect(names(true, false)).toEqual(["n", "_2", "d"]);
  });
});
