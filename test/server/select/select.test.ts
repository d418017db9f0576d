import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../shared/select/byte-source.ts";
import { DEFAULT_CSV_INPUT, type CsvInput } from "../../../shared/select/csv-input.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../../shared/select/output.ts";
import { select } from "../../../server/select/select.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type {
  ScanRange,
  SelectCounts,
  SelectInput,
} from "../../../shared/select/select-request.ts";

const never = new AbortController().signal;

/** Bytes in memory, which come in pieces of the given size; it notes what was read. */
function sourceOf(bytes: Uint8Array, pieceBytes = 64 * 1024) {
  const source = {
    sizeBytes: bytes.length,
    readBytes: 0,
    openCount: 0,
    async *read({ start, end }: { start: number; end: number }, signal: AbortSignal) {
      source.openCount += 1;
      try {
        for (let at = start; at < end; at += pieceBytes) {
          signal.throwIfAborted();
          const piece = bytes.subarray(at, Math.min(end, at + pieceBytes));
          source.readBytes += piece.length;
          yield piece;
        }
      } finally {
        source.openCount -= 1;
      }
    },
  };
  return source;
}

async function ask(
  sql: string,
  source: ByteSource,
  input: SelectInput,
  scanRange?: ScanRange,
): Promise<{ text: string; counts: SelectCounts | null }> {
  const output =
    input.format === "CSV"
      ? ({ format: "CSV", csv: DEFAULT_CSV_OUTPUT } as const)
      : ({ format: "JSON", json: DEFAULT_JSON_OUTPUT } as const);
  const request = { sql, input, output, ...(scanRange && { scanRange }) };
  const payloads: Uint8Array[] = [];
  let counts: SelectCounts | null = null;
  for await (const event of select(request, source, never)) {
    if (event.type === "records") payloads.push(event.payload);
    else if (event.type === "stats") counts = event.counts;
  }
  return { text: Buffer.concat(payloads).toString(), counts };
}

function csvInput(csv: Partial<CsvInput> = {}, compression: "NONE" | "GZIP" = "NONE"): SelectInput {
  return { format: "CSV", compression, csv: { ...DEFAULT_CSV_INPUT, ...csv } };
}

const LINES: SelectInput = { format: "JSON", compression: "NONE", type: "LINES" };

async function codeOf(asking: Promise<unknown>): Promise<string> {
  const error = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof SelectError ? error.code : String(error);
}

describe("select", () => {
  const text = Array.from({ length: 5000 }, (_, index) => `${index},name ${index}\n`).join("");
  const bytes = Buffer.from(text);

  test("counts what it read, unpacked and answered", async () => {
    const { text: answer, counts } = await ask(
      "SELECT _1 FROM S3Object",
      sourceOf(bytes),
      csvInput(),
    );
    expect(answer.split("\n")).toHaveLength(5001);
    expect(counts).toEqual({
      bytesScanned: bytes.length,
      bytesProcessed: bytes.length,
      bytesReturned: answer.length,
    });
    const packed = gzipSync(bytes);
    const unpacked = await ask(
      "SELECT COUNT(*) FROM S3Object",
      sourceOf(packed),
      csvInput({}, "GZIP"),
    );
    expect(unpacked.text).toBe("5000\n");
    expect(unpacked.counts).toEqual({
      bytesScanned: packed.length,
      bytesProcessed: bytes.length,
      bytesReturned: 5,
    });
  });

  test("LIMIT stops reading", async () => {
    const source = sourceOf(Buffer.concat(Array.from({ length: 50 }, () => bytes)), 1000);
    expect((await ask("SELECT * FROM S3Object LIMIT 2", source, csvInput())).text).toBe(
      "0,name 0\n1,name 1\n",
    );
    // The first block, and not the next.
    expect(source.readBytes).toBeLessThan(66_001);
  });

  test("an abort ends it with its reason", async () => {
    const controller = new AbortController();
    const request = {
      sql: "SELECT * FROM S3Object",
      input: csvInput(),
      output: { format: "CSV", csv: DEFAULT_CSV_OUTPUT },
    } as const;
    const asking = (async () => {
      for await (const _ of select(request, sourceOf(bytes, 1000), controller.signal)) {
        controller.abort(new Error("enough"));
      }
    })();
    await expect(asking).rejects.toThrow("enough");
  });

  test.each([
    ["done", "SELECT * FROM S3Object", {}, undefined],
    ["satisfied", "SELECT * FROM S3Object LIMIT 1", {}, undefined],
    ["wrong", "SELECT CAST(_2 AS INT) FROM S3Object", {}, undefined],
    ["wrong in the middle", "SELECT nothing FROM S3Object", { header: "USE" }, { start: 100 }],
    ["wrong behind the header", 'SELECT "0" + 1 FROM S3Object', { header: "USE" }, { start: 1 }],
  ] as const)("leaves nothing open when it is %s", async (_, sql, csv, range) => {
    const source = sourceOf(bytes, 1000);
    await ask(sql, source, csvInput(csv), range).catch(() => undefined);
    expect(source.openCount).toBe(0);
  });

  test("gzip of several members is one text; what is none or ends too soon is said", async () => {
    const members = Buffer.concat([gzipSync("a\n"), gzipSync("b\n")]);
    expect(
      (await ask("SELECT * FROM S3Object", sourceOf(members, 7), csvInput({}, "GZIP"))).text,
    ).toBe("a\nb\n");
    const fails = (packed: Uint8Array) =>
      codeOf(ask("SELECT * FROM S3Object", sourceOf(packed), csvInput({}, "GZIP")));
    expect(await fails(Buffer.from("a,b\n"))).toBe("InvalidCompressionFormat");
    expect(await fails(gzipSync(bytes).subarray(0, 1000))).toBe("TruncatedInput");
  });

  test("a byte order mark is no part of the first field", async () => {
    const marked = Buffer.from('\ufeff"name",b\nAnn,1\n');
    expect(
      (await ask("SELECT name FROM S3Object", sourceOf(marked, 1), csvInput({ header: "USE" })))
        .text,
    ).toBe("Ann\n");
    const json = Buffer.from('\ufeff{"a":1}');
    expect((await ask("SELECT a FROM S3Object", sourceOf(json, 1), LINES)).text).toBe('{"a":1}\n');
  });
});

describe("scan ranges", () => {
  const DOCUMENTED = Buffer.from("A,B\nC,D\nD,E\nE,F\nG,H\nI,J\n");

  test.each([
    [{ start: 1, end: 4 }, "C,D\n"],
    [{ start: 4, end: 4 }, "C,D\n"],
    [{ start: 5, end: 7 }, ""],
    [{ start: 20 }, "I,J\n"],
    [{ end: 4 }, "I,J\n"],
    [{ end: 5 }, "I,J\n"],
    [{ end: 8 }, "G,H\nI,J\n"],
    [{ end: 1000 }, DOCUMENTED.toString()],
    [{ start: 0, end: 0 }, "A,B\n"],
  ])("%j", async (range, answer) => {
    const { text } = await ask(
      "SELECT * FROM S3Object",
      sourceOf(DOCUMENTED, 3),
      csvInput(),
      range,
    );
    expect(text).toBe(answer);
  });

  test("columns have their names in the middle of an object, too", async () => {
    const people = Buffer.from("name,age\nAnn,31\nBob,25\n");
    const answer = await ask(
      "SELECT age, name FROM S3Object",
      sourceOf(people),
      csvInput({ header: "USE" }),
      { start: 10 },
    );
    expect(answer.text).toBe("25,Bob\n");
  });

  test.each([
    ["InvalidScanRange", csvInput(), {}],
    ["InvalidScanRange", csvInput(), { start: 5, end: 4 }],
    ["InvalidScanRange", csvInput(), { start: 24 }],
    ["InvalidScanRange", csvInput(), { start: -1 }],
    ["InvalidScanRange", csvInput(), { end: 1.5 }],
    ["UnsupportedScanRangeInput", csvInput({}, "GZIP"), { start: 1 }],
    ["UnsupportedScanRangeInput", csvInput({ allowsQuotedRecordDelimiter: true }), { start: 1 }],
    ["UnsupportedScanRangeInput", { ...LINES, type: "DOCUMENT" } as const, { start: 1 }],
  ])("%s", async (code, input, range) => {
    expect(await codeOf(ask("SELECT * FROM S3Object", sourceOf(DOCUMENTED), input, range))).toBe(
      code,
    );
  });
});

describe("laws", () => {
  const field = fc.stringMatching(/^[a-zä\u{1f600}0-9 ]{0,6}$/u);
  const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 20 });
  const isKept = (row: readonly string[]) => row.length > 1 || row[0] !== "";
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test("a CSV answer does not depend on pieces, quotes or compression", async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (all, piece, isQuoted) => {
          const plain = all
            .filter(isKept)
            .map((row) => `${row.join(",")}\n`)
            .join("");
          const written = isQuoted
            ? all
                .filter(isKept)
                .map((row) => `${row.map(quoted).join(",")}\n`)
                .join("")
            : plain;
          const bytes = Buffer.from(written);
          const sql = "SELECT * FROM S3Object";
          expect((await ask(sql, sourceOf(bytes, piece), csvInput())).text).toBe(plain);
          const packed = sourceOf(gzipSync(bytes), piece);
          expect((await ask(sql, packed, csvInput({}, "GZIP"))).text).toBe(plain);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("scan ranges that tile an object answer every record once", async () => {
    const delimiter = fc.constantFrom("\n", ";|");
    const cuts = fc.array(fc.nat(200), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        delimiter,
        cuts,
        fc.integer({ min: 1, max: 9 }),
        async (all, recordDelimiter, at, piece) => {
          const text = all
            .filter(isKept)
            .map((row) => row.join(",") + recordDelimiter)
            .join("");
          const bytes = Buffer.from(text);
          if (bytes.length === 0) return;
          const bounds = [...new Set([0, ...at.map((cut) => cut % bytes.length)])].toSorted(
            (a, b) => a - b,
          );
          let answer = "";
          for (const [index, start] of bounds.entries()) {
            const end = (bounds[index + 1] ?? bytes.length) - 1;
            const input = csvInput({ recordDelimiter });
            answer += (
              await ask("SELECT * FROM S3Object", sourceOf(bytes, piece), input, { start, end })
            ).text;
          }
          expect(answer).toBe(text.replaceAll(recordDelimiter, "\n"));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("the same holds for lines of JSON", async () => {
    const values = fc.array(
      fc.dictionary(fc.constantFrom("a", "b", "ä"), fc.oneof(fc.string(), fc.integer())),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.array(fc.nat(300), { maxLength: 3 }),
        fc.integer({ min: 1, max: 9 }),
        async (all, at, piece) => {
          const text = all.map((value) => `${JSON.stringify(value)}\n`).join("");
          const bytes = Buffer.from(text);
          if (bytes.length === 0) return;
          expect((await ask("SELECT * FROM S3Object", sourceOf(bytes, piece), LINES)).text).toBe(
            text,
          );
          const bounds = [...new Set([0, ...at.map((cut) => cut % bytes.length)])].toSorted(
            (a, b) => a - b,
          );
          let answer = "";
          for (const [index, start] of bounds.entries()) {
            const end = (bounds[index + 1] ?? bytes.length) - 1;
            answer += (
              await ask("SELECT * FROM S3Object", sourceOf(bytes, piece), LINES, { start, end })
            ).text;
          }
          expect(answer).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
