import { describe, expect, test } from "vitest";
import { SelectError } from "../../../../shared/select/select-error.ts";
import { answerOf, countingSource, fixture } from "./ask-parquet.ts";
import {
  BYTE_ARRAY,
  craftFile,
  INT64,
  int32s,
  LZO,
  RLE_DICTIONARY,
  sealed,
  type CraftedFile,
} from "./crafted-file.ts";
import { varint, writeStruct, type ThriftFields } from "./thrift-writer.ts";

async function text(bytes: Uint8Array, sql = "SELECT * FROM S3Object"): Promise<string> {
  return (await answerOf(sql, countingSource(bytes))).text;
}

/** The code that asking fails with; the answer where it does not. */
async function codeOf(bytes: Uint8Array, sql?: string): Promise<string> {
  try {
    return await text(bytes, sql);
  } catch (error) {
    if (error instanceof SelectError) return error.code;
    throw error;
  }
}

const SOUND: CraftedFile = { pages: [{ body: int32s(1, 2, 3), valueCount: 3 }], rowCount: 3 };
const dictionary = { body: int32s(7, 8), valueCount: 2, isDictionary: true };

test("a crafted file is read where nothing in it is a lie", async () => {
  expect(await text(craftFile(SOUND))).toBe('{"v":1}\n{"v":2}\n{"v":3}\n');
  const places = { body: Buffer.of(1, 3, 0b010), valueCount: 3, encoding: RLE_DICTIONARY };
  const coded = craftFile({ pages: [dictionary, places], rowCount: 3 });
  expect(await text(coded)).toBe('{"v":7}\n{"v":8}\n{"v":7}\n');
});

describe("what is no Parquet file", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["a few bytes", Buffer.from("PAR1")],
    ["only magic", Buffer.from("PAR1PAR1")],
    ["text", Buffer.from("a,b\n1,2\n".repeat(100))],
    ["one that is cut off", fixture("codec-none").subarray(0, 6000)],
    ["one that is encrypted", Buffer.concat([Buffer.from("PAR1    "), Buffer.from("PARE")])],
    ["a footer that is longer than the file", sealed(Buffer.from("PAR1"), Buffer.of(0), 5000)],
    ["a footer of 4 GiB", sealed(Buffer.from("PAR1"), Buffer.of(0), 2 ** 32 - 1)],
    ["a footer of nothing", sealed(Buffer.from("PAR1"), Buffer.alloc(0))],
    ["a number without an end", sealed(Buffer.from("PAR1"), Buffer.alloc(1000, 0xff))],
    [
      "a list of more than there is",
      sealed(Buffer.from("PAR1"), Buffer.of(0x29, 0xfc, ...varint(2 ** 40))),
    ],
    ["structures that nest without end", sealed(Buffer.from("PAR1"), Buffer.alloc(100_000, 0x1c))],
  ])("%s is ParquetParsingError", async (_name, bytes) => {
    expect(await codeOf(bytes)).toBe("ParquetParsingError");
  });
});

describe("a lie is found out", () => {
  test.each<[string, Partial<CraftedFile>]>([
    ["more rows than values", { rowCount: 4 }],
    ["more rows than there can be", { rowCount: 2 ** 50 }],
    ["fewer rows than none", { rowCount: -1 }],
    ["more values than a page has", { pages: [{ body: int32s(1), valueCount: 3 }] }],
    ["more values than fit", { pages: [{ body: int32s(1), valueCount: 2 ** 31 }] }],
    [
      "a page that is larger than it is",
      { pages: [{ body: int32s(1, 2, 3), valueCount: 3, size: 16 }] },
    ],
    ["a page of gigabytes", { pages: [{ body: int32s(1), valueCount: 3, size: 2 ** 40 }] }],
    ["a column beyond the end", { chunkBytes: 2 ** 40 }],
    ["a column before the beginning", { dataOffset: -5 }],
    ["a column that is cut off", { chunkBytes: 20 }],
    ["another encoding", { pages: [{ body: int32s(1, 2, 3), valueCount: 3, encoding: 6 }] }],
    [
      "an encoding that nobody knows",
      { pages: [{ body: int32s(1), valueCount: 3, encoding: 99 }] },
    ],
    [
      "no dictionary",
      { pages: [{ body: Buffer.of(1, 3, 2), valueCount: 3, encoding: RLE_DICTIONARY }] },
    ],
    ["two dictionaries", { pages: [dictionary, dictionary] }],
    [
      "a place outside the dictionary",
      {
        pages: [
          dictionary,
          { body: Buffer.of(2, 3, 0xff, 0xff), valueCount: 3, encoding: RLE_DICTIONARY },
        ],
      },
    ],
    [
      "places of too many bits",
      {
        pages: [
          dictionary,
          { body: Buffer.alloc(99, 40), valueCount: 3, encoding: RLE_DICTIONARY },
        ],
      },
    ],
    [
      "a text longer than its page",
      { type: BYTE_ARRAY, pages: [{ body: int32s(99, 1, 2), valueCount: 3 }] },
    ],
    [
      "levels longer than their page",
      { repetition: 1, pages: [{ body: int32s(99, 1), valueCount: 3 }] },
    ],
    [
      "a level above the highest",
      { repetition: 1, pages: [{ body: Buffer.of(2, 0, 0, 0, 6, 9, 0, 0, 0, 0), valueCount: 3 }] },
    ],
    [
      "a row that begins in its middle",
      {
        repetition: 2,
        pages: [
          {
            body: Buffer.of(2, 0, 0, 0, 6, 1, 2, 0, 0, 0, 6, 1, ...int32s(1, 2, 3)),
            valueCount: 3,
          },
        ],
      },
    ],
    [
      "differences without values",
      { type: INT64, pages: [{ body: Buffer.of(128, 1, 4, 3, 0), valueCount: 3, encoding: 5 }] },
    ],
    [
      "blocks of no parts",
      {
        type: INT64,
        pages: [{ body: Buffer.of(128, 1, 0, 3, 0, 0, 0), valueCount: 3, encoding: 5 }],
      },
    ],
  ])("%s", async (_name, lie) => {
    expect(await codeOf(craftFile({ ...SOUND, ...lie }))).toBe("ParquetParsingError");
  });

  test("where rows are only counted, too", async () => {
    const places = { body: Buffer.of(2, 3, 0xff, 0xff), valueCount: 3, encoding: RLE_DICTIONARY };
    const bytes = craftFile({ pages: [dictionary, places], rowCount: 3 });
    expect(await codeOf(bytes, "SELECT COUNT(*) FROM S3Object s WHERE s.v = 7")).toBe(
      "ParquetParsingError",
    );
  });

  test("about a codec or a size that is not supported, by its own code", async () => {
    const { pages } = SOUND;
    expect(await codeOf(craftFile({ ...SOUND, codec: LZO }))).toBe(
      "ParquetUnsupportedCompressionCodec",
    );
    expect(await codeOf(craftFile({ pages, rowCount: 3, totalBytes: 2 ** 30 }))).toBe(
      "OverMaxParquetBlockSize",
    );
  });

  test.each([1, 2, 4, 5, 6, 7])(
    "packed by codec %i into other bytes than it says",
    async (codec) => {
      for (const body of [int32s(1, 2, 3), Buffer.alloc(2000, 0xff), Buffer.of(0)]) {
        const pages = [{ body, valueCount: 3, size: 12 }];
        expect(await codeOf(craftFile({ ...SOUND, pages, codec }))).toBe("ParquetParsingError");
      }
    },
  );
});

test("rows are not made up", async () => {
  const more = craftFile({ ...SOUND, rowCount: 60_000_000, valueCount: 3 });
  expect(await codeOf(more, "SELECT COUNT(*) FROM S3Object")).toBe("ParquetParsingError");
});

test("a condition about no column is asked once, however many rows are claimed", async () => {
  const rowCount = 2_000_000_000;
  const claimed = craftFile({ ...SOUND, rowCount, valueCount: rowCount });
  const where = "-s.nobody.x * CAST(true AS DECIMAL(5, 2)) > 1";
  expect(await text(claimed, `SELECT COUNT(*) FROM S3Object s WHERE ${where}`)).toBe('{"_1":0}\n');
});

describe("a schema", () => {
  const group = (count: number): ThriftFields => ({ 4: { bytes: "g" }, 5: { int: count } });
  const leaf: ThriftFields = { 1: { int: 1 }, 3: { int: 0 }, 4: { bytes: "v" } };

  test.each<[string, readonly ThriftFields[]]>([
    ["that is empty", []],
    ["with fewer parts than it says", [group(2 ** 31)]],
    ["with parts beside its root", [group(1), leaf, leaf]],
    ["that nests too deep", [...Array.from({ length: 5000 }, () => group(1)), leaf]],
    ["with a column without a type", [group(1), { 4: { bytes: "v" } }]],
    ["with a type that nobody knows", [group(1), { 1: { int: 77 }, 4: { bytes: "v" } }]],
    ["with values of no width", [group(1), { 1: { int: 7 }, 3: { int: 0 }, 4: { bytes: "v" } }]],
    ["of another file", [group(2), leaf, leaf]],
  ])("%s is ParquetParsingError", async (_name, schema) => {
    expect(await codeOf(craftFile({ ...SOUND, schema }))).toBe("ParquetParsingError");
  });

  test("of too many columns is OverMaxColumn", async () => {
    const schema = [group(10_001), ...Array.from({ length: 10_001 }, () => leaf)];
    expect(await codeOf(craftFile({ ...SOUND, schema }))).toBe("OverMaxColumn");
  });

  test("whose names differ by their case alone is asked in quotes", async () => {
    const named = (name: string): ThriftFields => ({ ...leaf, 4: { bytes: name } });
    const both = craftFile({ ...SOUND, schema: [group(2), named("ab"), named("AB")] });
    expect(await codeOf(both, "SELECT s.Ab FROM S3Object s")).toBe("AmbiguousFieldName");
    const one = craftFile({ ...SOUND, schema: [group(1), named("Ab")] });
    expect(await codeOf(one, "SELECT s.aB FROM S3Object s WHERE s.AB = 1")).toBe('{"aB":1}\n');
  });
});

test("a few bytes do not stand for hours: runs of millions of values are bounded, and answered in turns", async () => {
  const count = 4_000_000;
  const run = Buffer.concat([Buffer.of(0), varint(count * 2)]);
  const page = { body: run, valueCount: count, encoding: RLE_DICTIONARY };
  const bytes = craftFile({ pages: [dictionary, page], rowCount: count });
  expect(await text(bytes, "SELECT COUNT(*) AS n FROM S3Object s WHERE s.v = 7")).toBe(
    `{"n":${count}}\n`,
  );
  expect(await codeOf(bytes, "SELECT s.v FROM S3Object s LIMIT 1")).toBe('{"v":7}\n');
});

test(
  "bytes that are turned over never do more than fail, and say why",
  { timeout: 60_000 },
  async () => {
    const random = seededRandom(20_240_229);
    const names = [
      "codec-snappy",
      "codec-lz4",
      "pages-v2",
      "delta-v1",
      "nested-v1",
      "types",
      "duckdb",
    ];
    const sqls = [
      "SELECT * FROM S3Object",
      "SELECT COUNT(*) FROM S3Object s WHERE s.id > 5 OR s.name LIKE '%1%'",
    ];
    const codes = new Set<string>();
    for (const name of names) {
      const sound = fixture(name);
      const footerStart = sound.length - 8 - sound.readUInt32LE(sound.length - 8);
      for (let round = 0; round < 40; round += 1) {
        const bytes = Buffer.from(sound);
        for (let turned = 0; turned <= round % 3; turned += 1) {
          const from = round % 2 === 0 ? footerStart : 4;
          const at = from + Math.floor(random() * (bytes.length - 8 - from));
          bytes[at] = Math.floor(random() * 256);
        }
        const code = await codeOf(bytes, sqls[round % sqls.length]);
        codes.add(/^\w+$/u.test(code) ? code : "answer");
      }
    }
    expect(codes).toContain("answer");
    expect(codes).toContain("ParquetParsingError");
  },
);

/** @see https://en.wikipedia.org/wiki/Xorshift (Marsaglia's of 32 bits) */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

test("a structure is written as it is read", () => {
  expect(writeStruct({ 1: { int: -3 }, 4: { bytes: "a" } })).toEqual(
    Buffer.of(0x16, 5, 0x38, 1, 0x61, 0),
  );
});
