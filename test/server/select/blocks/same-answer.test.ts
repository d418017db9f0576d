import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../../shared/select/csv-input.ts";
import { DEFAULT_JSON_OUTPUT } from "../../../../shared/select/output.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";
import type { SelectInput } from "../../../../shared/select/select-request.ts";
import { select } from "../../../../server/select/select.ts";
import { askCsv, askJson } from "../ask.ts";

/** Queries about as many objects each. */
const RUNS = Number(process.env["SLUICE_SELECT_RUNS"] ?? 1000);

const never = new AbortController().signal;

/** The answer by blocks and the kernel; what it fails with goes behind what came before. */
async function byBlocks(sql: string, input: SelectInput, bytes: Uint8Array): Promise<string> {
  const source = {
    sizeBytes: bytes.length,
    async *read({ start, end }: { start: number; end: number }) {
      for (let at = start; at < end; at += 37) yield bytes.subarray(at, Math.min(end, at + 37));
    },
  };
  const output = { format: "JSON", json: DEFAULT_JSON_OUTPUT } as const;
  let text = "";
  try {
    for await (const event of select({ sql, input, output }, source, never)) {
      if (event.type === "records") text += Buffer.from(event.payload).toString();
    }
  } catch (error) {
    return codeOf(error);
  }
  return text;
}

function codeOf(error: unknown): string {
  if (!(error instanceof SelectError)) throw error;
  return error.code;
}

/** The answer by what reads a record after the other in script. */
function inScript(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return codeOf(error);
  }
}

const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.double({ min: -100, max: 100, noNaN: true }).map((value) => value.toFixed(2)),
  fc.constantFrom(
    "0",
    "-0",
    "00",
    "1.50",
    "990",
    "990.0",
    ".5",
    "5.",
    "1e3",
    "+7",
    "-",
    "1.",
    "123456789012345678",
  ),
  fc.constantFrom(
    "999999999999999",
    "0.000000000000001",
    "-12.5",
    "9007199254740993",
    "1234567890.12345",
    "2024-05-01",
    "7",
    "7.0",
    "7e0",
  ),
);
const word = fc.constantFrom(
  "",
  "active",
  "Active",
  "activ",
  "actives",
  "ä",
  "é€😀",
  "a b",
  " 5 ",
  "true",
  `active ${"x".repeat(70)}`,
  "y".repeat(63),
  "\t",
);
const column = fc.constantFrom("a", "b", "c", "A");
const fixed = fc.oneof(
  number,
  number,
  word.map((text) => `'${text}'`),
);
const operator = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");

/** What a comparison has on its left. */
const term = fc.oneof(
  column.map((name) => `s.${name}`),
  fc
    .tuple(column, fc.constantFrom("FLOAT", "INT", "DECIMAL", "STRING"))
    .map(([name, type]) => `CAST(s.${name} AS ${type})`),
);
const literal = fixed.filter((text) => !/^[+.]|\.$|^-$/u.test(text));
const comparison = fc.oneof(
  fc.tuple(term, operator, literal).map((parts) => parts.join(" ")),
  fc.tuple(literal, operator, term).map((parts) => parts.join(" ")),
  fc.tuple(term, literal, literal).map(([each, low, high]) => `${each} BETWEEN ${low} AND ${high}`),
  fc
    .tuple(
      column,
      fc.constantFrom("LIKE", "NOT LIKE"),
      fc.constantFrom(
        "a%",
        "%e",
        "%ti%",
        "%",
        "active",
        "%%",
        "%€😀",
        "a_t%",
        "%a%b%",
        "%x",
        "%v%",
      ),
    )
    .map(([name, like, pattern]) => `s.${name} ${like} '${pattern}'`),
  fc
    .tuple(column, fc.constantFrom("IS NULL", "IS NOT NULL", "IS MISSING", "IS NOT MISSING"))
    .map(([name, is]) => `s.${name} ${is}`),
  fc
    .tuple(
      column,
      fc.constantFrom("IN", "NOT IN"),
      fc.array(literal, { minLength: 1, maxLength: 3 }),
    )
    .map(([name, list, all]) => `s.${name} ${list} (${all.join(", ")})`),
  column.map((name) => `CHAR_LENGTH(s.${name}) > 3`),
);
const combined = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.tuple(tie("all"), tie("all")).map(([left, right]) => `(${left} AND ${right})`),
    fc.tuple(tie("all"), tie("all")).map(([left, right]) => `(${left} OR ${right})`),
    tie("all").map((inner) => `NOT (${inner})`),
  ),
})).all;
const condition = fc.oneof(
  fc
    .array(comparison, { maxLength: 3 })
    .map((all) => (all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`)),
  combined.map((all) => ` WHERE ${all}`),
);
const items = fc.oneof(
  fc.constantFrom(
    "*",
    "s.a",
    "s.c, s.a",
    "COUNT(*)",
    "COUNT(s.b), COUNT(*)",
    "MIN(s.a), MAX(s.a)",
    "s.b, CHAR_LENGTH(s.c)",
  ),
  fc
    .array(
      fc.tuple(fc.constantFrom("SUM", "AVG"), term).map(([name, each]) => `${name}(${each})`),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join(", ")),
  fc
    .array(
      fc.oneof(
        fc.constantFrom("COUNT(*)", "SUM(CAST(s.b AS FLOAT))"),
        // Whether the first of equal numbers is an integer shows when it is divided.
        fc
          .tuple(fc.constantFrom("MIN", "MAX"), term, fc.constantFrom("", "", " / 2"))
          .map(([name, each, behind]) => `${name}(${each})${behind}`),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((all) => all.join(", ")),
);
const query = fc
  .tuple(items, condition, fc.constantFrom("", "", " LIMIT 2"))
  .map(([list, where, limit]) => `SELECT ${list} FROM S3Object s${where}${limit}`);

describe("blocks and the kernel answer as the script does", () => {
  const plain = fc.oneof(number, word);
  const field = fc.oneof(
    plain,
    plain,
    plain,
    plain.map((text) => `"${text}"`),
    fc.constantFrom('"a,b"', '"a""b"', 'a"b', '"a"b', '"', '"a\nb"', '""', '"5"'),
  );
  const record = fc.oneof(
    fc.array(field, { minLength: 3, maxLength: 3 }),
    fc.array(field, { minLength: 3, maxLength: 3 }),
    fc.array(field, { maxLength: 5 }),
  );
  const table = fc
    .tuple(
      fc.array(record, { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\n", "\n\n", ","),
    )
    .map(([records, end, tail]) => records.map((fields) => fields.join(",")).join(end) + tail);
  const clean = fc
    .array(fc.array(plain, { minLength: 3, maxLength: 3 }), { maxLength: 12 })
    .map((records) => records.map((fields) => `${fields.join(",")}\n`).join(""));

  test("about CSV", { timeout: 60_000 + RUNS * 20 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        query,
        fc.oneof(table, clean),
        fc.constantFrom<Partial<CsvInput>>(
          {},
          { header: "USE" },
          { comment: "a" },
          { quoteEscape: "\\" },
        ),
        async (sql, text, asked) => {
          const csv = { ...DEFAULT_CSV_INPUT, ...asked };
          const named =
            csv.header === "USE"
              ? sql
              : sql.replaceAll(/s\.([abc])/gu, (_, name: string) => `s._${" abc".indexOf(name)}`);
          const object = csv.header === "USE" ? `a,b,c\n${text}` : text;
          const expected = inScript(() => askCsv(named, object, { csv, as: "json" }));
          const answer = await byBlocks(
            named,
            { format: "CSV", compression: "NONE", csv },
            Buffer.from(object),
          );
          // Of what comes behind a record that fails, the script has told nothing either.
          expect(answer).toBe(expected);
        },
      ),
      { numRuns: RUNS },
    );
  });

  const scalar = fc.oneof(
    number.filter((text) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e\d+)?$/u.test(text)),
    word.map((text) => JSON.stringify(text)),
    fc.constantFrom("null", "true", '"a\\"b"', '{"a":1,"b":"}"}', "[1,[2]]", '"x\\u0041"'),
  );
  const long = "sixteen-bytes--x";
  const name = fc.oneof(
    fc.constantFrom("a", "b", "c", "d", "A", "a\\u0062", "e"),
    fc.constantFrom("a", "b", "c", long, `${long}y`, `${long}-and-more`, `${long}${long}`),
  );
  const line = fc
    .array(fc.tuple(name, scalar, fc.constantFrom("", " ")), { maxLength: 5 })
    .map(
      (pairs) =>
        `{${pairs.map(([key, value, space]) => `"${key}":${space}${value}${space}`).join(",")}}`,
    );

  test("about lines of JSON", { timeout: 60_000 + RUNS * 20 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        query,
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n", "\n\n", " \n"),
        async (sql, lines, end) => {
          const object = lines.join(end);
          const expected = inScript(() => askJson(sql, object));
          const input = { format: "JSON", compression: "NONE", type: "LINES" } as const;
          expect(await byBlocks(sql, input, Buffer.from(object))).toBe(expected);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
