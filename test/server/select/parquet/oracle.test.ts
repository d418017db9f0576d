import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { expect, test } from "vitest";
import { ask, fixture } from "./ask-parquet.ts";

/** What another reader makes of a file, in the types that JSON has. */
async function rowsOf(name: string): Promise<unknown> {
  const bytes = fixture(name);
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
  };
  const rows = await parquetReadObjects({ file, compressors });
  return JSON.parse(
    JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === "bigint" ? Number(value) : value,
    ),
  );
}

test.each([
  "codec-none",
  "codec-snappy",
  "codec-gzip",
  "codec-brotli",
  "codec-lz4",
  "codec-zstd",
  "blocks-zstd",
  "pages-v1",
  "pages-v2",
  "delta-v1",
  "delta-v2",
  "groups",
  "index",
])("%s holds what hyparquet finds in it", async (name) => {
  expect(await ask("SELECT * FROM S3Object", name)).toEqual(await rowsOf(name));
});
