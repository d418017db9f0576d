import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonWalker } from "../../../server/select/input/json-walker.ts";
import type { PathStep } from "../../../server/select/sql/syntax.ts";
import { failure } from "./ask.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function walk(text: string, steps: readonly PathStep[], pieceBytes = Infinity) {
  const records: (string | null)[] = [];
  const walker = new JsonWalker(steps, (record) => {
    records.push(record);
    return true;
  });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    walker.push(bytes.subarray(at, at + pieceBytes));
  }
  walker.end();
  return records;
}

const key = (name: string, isQuoted = true): PathStep => ({ kind: "key", name, isQuoted });
const ELEMENTS: PathStep = { kind: "elements" };
const VALUES: PathStep = { kind: "values" };

/** What a path leads to, by the book. */
function reference(value: Json, [step, ...rest]: readonly PathStep[]): (Json | undefined)[] {
  if (step === undefined) return [value];
  if (step.kind === "elements" || step.kind === "values") {
    const found = childrenOf(value, step);
    return found.length === 0 ? [undefined] : found.flatMap((each) => reference(each, rest));
  }
  const next = childOf(value, step);
  return next === undefined ? [undefined] : reference(next, rest);
}

function isStructure(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function childrenOf(value: Json, step: PathStep): Json[] {
  if (step.kind === "elements") return Array.isArray(value) ? value : [value];
  return isStructure(value) ? Object.values(value) : [];
}

function childOf(value: Json, step: PathStep): Json | undefined {
  if (step.kind === "index") return Array.isArray(value) ? value[step.index] : undefined;
  const isThere = step.kind === "key" && isStructure(value) && Object.hasOwn(value, step.name);
  return isThere ? value[step.name] : undefined;
}

describe("a path into JSON", () => {
  const name = fc.constantFrom("a", "b", 'q"\\', "ä");
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<Json>(null, true, 1, -2.5, "", "x]}", 'say "ä\\"'),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(name, tie("json"), { maxKeys: 3 }),
    ),
  }));
  const step = fc.oneof<fc.Arbitrary<PathStep>[]>(
    name.map((each) => key(each)),
    fc.nat(2).map((index) => ({ kind: "index", index })),
    fc.constant(ELEMENTS),
    fc.constant(VALUES),
  );

  test("leads where it leads in the whole value, whatever pieces it comes in", () => {
    const roots = fc.array(json, { maxLength: 3 });
    const path = fc.array(step, { maxLength: 3 });
    const pieces = fc.constantFrom(1, 2, 5, 1000);
    const indents = fc.constantFrom(0, 2);
    fc.assert(
      fc.property(roots, path, pieces, indents, (values, steps, pieceBytes, indent) => {
        const text = values.map((value) => JSON.stringify(value, null, indent)).join("\n");
        const found = walk(text, steps, pieceBytes).map((record) =>
          record === null ? undefined : JSON.parse(record),
        );
        expect(found).toEqual(values.flatMap((value) => reference(value, steps)));
      }),
      { numRuns: 500 },
    );
  });

  test("takes names of whatever case unless they are quoted", () => {
    expect(walk('{"Ab":1}', [key("aB", false)])).toEqual(["1"]);
    expect(walk('{"Ab":1}', [key("aB")])).toEqual([null]);
  });

  test.each([
    ['{"a" 1}', [key("a")]],
    ['{"a":1 "b":2}', [key("a")]],
    ["{a:1}", [key("a")]],
    ['{"a":1]', [key("a")]],
    ["[1 2]", [ELEMENTS]],
    ["[1}", [ELEMENTS]],
    ["[1,", [ELEMENTS]],
    ['{"a":"', [key("b")]],
    ['{"\\x":1}', [key("a")]],
  ])("%j by %j is no JSON", (text, steps) => {
    for (const pieceBytes of [1, Infinity]) {
      expect(failure(() => walk(text, steps, pieceBytes))).toBe("JSONParsingError");
    }
  });

  test("passes over what lies beside it, however large, and refuses records that are", () => {
    const large = "x".repeat(3 * 1024 * 1024);
    const text = `{"skip":"${large}","rows":[{"a":1},{"a":2}],"deep":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(walk(text, [key("rows"), ELEMENTS], 65_536)).toEqual(['{"a":1}', '{"a":2}']);
    expect(failure(() => walk(text, [key("skip")], 65_536))).toBe("OverMaxRecordSize");
  });
});
