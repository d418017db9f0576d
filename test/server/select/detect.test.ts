import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { detect } from "../../../server/select/index.ts";
import { SelectError } from "../../../shared/select/select-error.ts";

const never = new AbortController().signal;

function look(content: string | Uint8Array) {
  const bytes = Buffer.from(content);
  const source = {
    sizeBytes: bytes.length,
    async *read({ start, end }: { start: number; end: number }) {
      yield bytes.subarray(start, end);
    },
  };
  return detect(source, never);
}

describe("CSV", () => {
  test("is told with its delimiter, header, types and first records", async () => {
    const text =
      'name,age,price,when,ok\nAnn,31,1.5,2024-01-02T,true\n"B, ob",,2,2024-01-03T,false\n';
    expect(await look(text)).toEqual({
      format: "csv",
      compression: "NONE",
      csv: { header: "use", fieldDelimiter: ",", recordDelimiter: "\n", quote: '"' },
      columns: [
        { name: "name", type: "string" },
        { name: "age", type: "integer" },
        { name: "price", type: "decimal" },
        { name: "when", type: "timestamp" },
        { name: "ok", type: "bool" },
      ],
      rows: [
        ["Ann", "31", "1.5", "2024-01-02T", "true"],
        ["B, ob", "", "2", "2024-01-03T", "false"],
      ],
    });
  });

  test.each([
    [",", "a,b\n1,2\n3,4\n"],
    [";", "a;b\n1,5;2\n3,5;4\n"],
    ["\t", "a\tb\n1;\t2\n"],
    ["|", "a|b|c\n1|2|3\n"],
  ])("%j sets its fields apart", async (fieldDelimiter, text) => {
    expect((await look(text)).csv).toMatchObject({ fieldDelimiter, header: "use" });
  });

  test("without names has columns by their place", async () => {
    const { csv, columns } = await look("1,Ann\n2,Bob\n");
    expect(csv?.header).toBe("none");
    expect(columns.map(({ name }) => name)).toEqual(["_1", "_2"]);
    expect((await look("Ann\n")).csv?.header).toBe("none");
  });

  test("whose beginning ends within a record shows whole records alone", async () => {
    const { rows } = await look(`a,b\n${"x,y\n".repeat(3)}z,"${"q".repeat(300_000)}`);
    expect(rows).toEqual([
      ["x", "y"],
      ["x", "y"],
      ["x", "y"],
    ]);
  });

  test("of one column, or with nothing in it, is no fault", async () => {
    expect((await look("just text")).columns).toEqual([{ name: "_1", type: "string" }]);
    expect(await look("")).toMatchObject({ format: "csv", columns: [], rows: [] });
  });
});

describe("JSON", () => {
  test("lines are told from documents", async () => {
    expect(await look('{"a":1,"b":"x"}\n{"a":2.5,"c":[1]}\n')).toEqual({
      format: "json",
      compression: "NONE",
      json: { type: "lines" },
      columns: [
        { name: "a", type: "decimal" },
        { name: "b", type: "string" },
        { name: "c", type: "nested" },
      ],
      rows: [
        ["1", "x", null],
        ["2.5", null, "[1]"],
      ],
    });
    expect((await look('{\n"a":1\n}')).json).toEqual({ type: "document" });
    expect((await look('[{"a":1}]')).columns).toEqual([{ name: "_1", type: "nested" }]);
  });

  test("that breaks off shows what came before", async () => {
    expect((await look('{"a":1}\n{"a":')).rows).toEqual([["1"]]);
  });
});

test("gzip is looked into, even where its beginning ends in the middle", async () => {
  const text = `a,b\n${Array.from({ length: 200_000 }, (_, i) => `${i},${Math.sin(i)}\n`).join("")}`;
  expect(await look(gzipSync(text))).toMatchObject({
    compression: "GZIP",
    columns: [
      { name: "a", type: "integer" },
      { name: "b", type: "decimal" },
    ],
  });
});

test("what is no text is said", async () => {
  const error = await look(new Uint8Array([80, 75, 3, 4, 0, 1])).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SelectError);
  expect(error).toMatchObject({ code: "UnrecognizedFormatException" });
});
