import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { bunzip2, isBzip2 } from "../../../../server/select/input/bzip2/bunzip2.ts";
import { compressionOf } from "../../../../server/select/input/decompress.ts";
import { detect, select } from "../../../../server/select/index.ts";
import { DEFAULT_CSV_INPUT } from "../../../../shared/select/csv-input.ts";
import { DEFAULT_CSV_OUTPUT } from "../../../../shared/select/output.ts";
import { SelectError } from "../../../../shared/select/select-error.ts";

const ROWS = text(40_000, (index) => `${index % 100},${(index * 7) % 13}\n`);
const STREAMS = "one,1\ntwo,2\n";

function text(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

/** What was packed by bzip2 itself, from the text that a test writes once more. */
function packed(name: string): Promise<Buffer> {
  return readFile(new URL(`packed/${name}.bz2`, import.meta.url));
}

async function* cut(bytes: Uint8Array, pieceBytes: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes);
  }
}

async function unpacked(bytes: Uint8Array, pieceBytes = Infinity): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bunzip2(cut(bytes, pieceBytes))) {
    expect(piece.length).toBeLessThanOrEqual(1024 * 1024);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** What comes out, or the code of what went wrong. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    return (await unpacked(bytes)).toString("latin1");
  } catch (error) {
    if (error instanceof SelectError) return error.code;
    throw error;
  }
}

/** A generator whose numbers the packer's side used too. */
function random(count: number): number[] {
  let last = 1;
  return Array.from({ length: count }, () => {
    last = Number((BigInt(last) * 1103515245n + 12345n) % 2147483648n);
    return last;
  });
}

function zerosBehind(value: number): number {
  return value === 0 ? 0 : 31 - Math.clz32(value & -value);
}

describe("bunzip2 unpacks", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("level %d", async (level) => {
    expect((await unpacked(await packed(`rows-${level}`))).toString() === ROWS).toBe(true);
  });

  test("nothing, and little", async () => {
    expect(await outcome(await packed("empty"))).toBe("");
    expect(await outcome(await packed("greeting"))).toBe("hello, hello, hello\n");
  });

  test("streams behind each other, an empty one too", async () => {
    expect(await outcome(await packed("streams"))).toBe(STREAMS);
    const larger = Buffer.concat([await packed("rows-1"), await packed("rows-9")]);
    expect((await unpacked(larger)).toString() === ROWS + ROWS).toBe(true);
  });

  test("runs of every length", async () => {
    const runs = Array.from({ length: 300 }, (_, length) => Buffer.alloc(length, length % 7));
    const expected = Buffer.concat([...runs, Buffer.alloc(1_000_000, "a")]);
    expect((await unpacked(await packed("runs"))).equals(expected)).toBe(true);
  });

  test("all bytes, and codes of all lengths", async () => {
    const noise = Buffer.from(random(3_000).map((value) => (value >> 16) & 255));
    expect((await unpacked(await packed("noise"))).equals(noise)).toBe(true);
    const skewed = Buffer.from(random(60_000).map((value) => zerosBehind(value >> 11)));
    expect((await unpacked(await packed("skewed"))).equals(skewed)).toBe(true);
  });

  test.each([1, 2, 3, 7, 64, 1000])("pieces of %d bytes", async (pieceBytes) => {
    expect((await unpacked(await packed("rows-1"), pieceBytes)).toString() === ROWS).toBe(true);
    expect((await unpacked(await packed("streams"), pieceBytes)).toString()).toBe(STREAMS);
  });
});

describe("bunzip2 refuses", () => {
  test("what is no bzip2, and what has no bytes", async () => {
    expect(await outcome(Buffer.from("a,b,c\n1,2,3\n"))).toBe("InvalidCompressionFormat");
    expect(await outcome(Buffer.from("BZh0.........."))).toBe("InvalidCompressionFormat");
    expect(await outcome(Buffer.alloc(0))).toBe("TruncatedInput");
  });

  test("what ends too soon, wherever that is", async () => {
    const bytes = await packed("greeting");
    for (let end = 0; end < bytes.length; end += 1) {
      expect(await outcome(bytes.subarray(0, end))).toBe("TruncatedInput");
    }
    const rows = await packed("rows-1");
    for (let end = 11; end < rows.length; end += 97) {
      expect(await outcome(rows.subarray(0, end))).toBe("TruncatedInput");
    }
  });

  test("what is damaged, whichever byte it is", async () => {
    const bytes = await packed("streams");
    const refusals = new Set<string>();
    for (let at = 0; at < bytes.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const came = await outcome(damaged);
        // The level, and bits that fill a byte up, say nothing about what comes out.
        if (came !== STREAMS) refusals.add(came);
      }
    }
    expect([...refusals].toSorted()).toEqual(["InvalidCompressionFormat", "TruncatedInput"]);
  });

  test("blocks of the kind that was given up in 1997, and rubbish behind the end", async () => {
    const bytes = await packed("greeting");
    const randomised = Buffer.from(bytes);
    randomised[14] = (randomised[14] ?? 0) | 0x80;
    expect(await outcome(randomised)).toBe("TruncatedInput");
    expect(await outcome(Buffer.concat([bytes, Buffer.from("rubbish")]))).toBe("TruncatedInput");
  });

  test("a source that fails, with its own error", async () => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield (await packed("rows-9")).subarray(0, 500);
      throw new RangeError("gone");
    }
    const reading = async () => {
      for await (const piece of bunzip2(failing())) expect(piece).toBeDefined();
    };
    await expect(reading()).rejects.toThrow(new RangeError("gone"));
  });
});

test("whoever has enough ends the reading of the source", async () => {
  let isEnded = false;
  async function* watched(): AsyncIterable<Uint8Array> {
    try {
      yield* cut(await packed("rows-1"), 100);
    } finally {
      isEnded = true;
    }
  }
  for await (const piece of bunzip2(watched())) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(isEnded).toBe(true);
});

test("bzip2 is told from a text that begins like it", async () => {
  expect(isBzip2(await packed("greeting"))).toBe(true);
  expect(compressionOf(await packed("empty"))).toBe("BZIP2");
  expect(compressionOf(Buffer.from("BZh9,a,b,c,d\n"))).toBe("NONE");
});

describe("objects packed by bzip2", () => {
  const sourceOf = (bytes: Uint8Array) => ({
    sizeBytes: bytes.length,
    read: ({ start, end }: { start: number; end: number }) => cut(bytes.subarray(start, end), 4096),
  });
  const never = new AbortController().signal;

  test("are asked as others are, and their bytes counted before and after", async () => {
    const bytes = await packed("rows-2");
    let answer = "";
    let counts;
    const events = select(
      {
        sql: "SELECT COUNT(*) FROM S3Object s WHERE s._2 = '7'",
        input: { format: "CSV", compression: "BZIP2", csv: DEFAULT_CSV_INPUT },
        output: { format: "CSV", csv: DEFAULT_CSV_OUTPUT },
      },
      sourceOf(bytes),
      never,
    );
    for await (const event of events) {
      if (event.type === "records") answer += Buffer.from(event.payload).toString();
      else counts = event.counts;
    }
    const expected = ROWS.split("\n").filter((line) => line.endsWith(",7")).length;
    expect(answer).toBe(`${expected}\n`);
    expect(counts).toMatchObject({ bytesScanned: bytes.length, bytesProcessed: ROWS.length });
  });

  test("are looked into", async () => {
    const schema = await detect(sourceOf(await packed("rows-9")), never);
    expect(schema).toMatchObject({ format: "csv", compression: "BZIP2" });
    expect(schema.rows[2]).toEqual(["2", "1"]);
  });
});
