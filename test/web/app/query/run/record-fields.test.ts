import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRowReader } from "../../../../../web/app/query/run/row-reader.ts";
import { walkFields } from "../../../../../web/app/query/run/record-fields.ts";

function fieldsOf(text: string): [string, string][] {
  const bytes = new TextEncoder().encode(text);
  const cut = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));
  const fields: [string, string][] = [];
  walkFields(bytes, 0, bytes.length, (nameStart, nameEnd, valueStart, valueEnd) => {
    fields.push([cut(nameStart, nameEnd), cut(valueStart, valueEnd)]);
  });
  return fields;
}

describe("walkFields", () => {
  test.each<[string, [string, string][]]>([
    [
      '{"a":1,"b":"x, }","c":null}',
      [
        ["a", "1"],
        ["b", '"x, }"'],
        ["c", "null"],
      ],
    ],
    [
      '{"a":{"b":[1,{"c":"]}"}]},"d":[]}',
      [
        ["a", '{"b":[1,{"c":"]}"}]}'],
        ["d", "[]"],
      ],
    ],
    [
      '{"a":1,"a":2}',
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ],
    [
      '{"q\\"":"\\\\","ä":1.50}',
      [
        ['q\\"', '"\\\\"'],
        ["ä", "1.50"],
      ],
    ],
    [
      '{ "a" : 1 , "b" : 2 }',
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["{}", []],
    ["", []],
    ["[1,2]", []],
    ['{"a"', []],
    ['{"a":"cut', [["a", '"cut']]],
  ])("of %s", (text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  test("finds what JSON.parse finds", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const found = fieldsOf(JSON.stringify(record));
        const values = found.map(([name, value]) => [JSON.parse(`"${name}"`), JSON.parse(value)]);
        expect(values).toEqual(Object.entries(JSON.parse(JSON.stringify(record))));
      }),
    );
  });

  test("ends with any bytes, within the record", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        const bytes = Uint8Array.from([0x7b, 0x22, ...noise]);
        walkFields(bytes, 0, bytes.length, (...offsets) => {
          const [, , valueStart, valueEnd] = offsets;
          expect(valueStart).toBeLessThan(valueEnd);
          expect(Math.max(...offsets)).toBeLessThanOrEqual(bytes.length);
        });
      }),
    );
  });
});

test("a row has its values by the columns, and keeps what is missing apart from NULL", () => {
  const bytes = new TextEncoder().encode(
    '{"n":12345678901234567890.10,"t":"a\\tb","n":2,"z":null}',
  );
  const read = createRowReader(["t", "n", "gone", "n", "z"].map((name) => ({ name })));
  expect(read(bytes, 0, bytes.length)).toEqual([
    { kind: "text", text: "a\tb" },
    { kind: "number", text: "12345678901234567890.10" },
    null,
    { kind: "number", text: "2" },
    { kind: "null", text: "null" },
  ]);
});
