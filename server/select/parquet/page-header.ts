import { damaged } from "./fault.ts";
import { ThriftReader } from "./thrift.ts";

/** How the values of a page are written, in the order of the numbers in the file. */
const ENCODINGS = [
  "PLAIN",
  "GROUP_VAR_INT",
  "PLAIN_DICTIONARY",
  "RLE",
  "BIT_PACKED",
  "DELTA_BINARY_PACKED",
  "DELTA_LENGTH_BYTE_ARRAY",
  "DELTA_BYTE_ARRAY",
  "RLE_DICTIONARY",
  "BYTE_STREAM_SPLIT",
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Most that a page may have, in bytes, before and after compression. */
export const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/** Most values of a page: a run of equal ones takes hardly a byte in the file, and each takes some in memory. */
export const MAX_PAGE_VALUES = 4 * 1024 * 1024;

interface AnyPage {
  readonly encoding: Encoding;
  /** NULLs included. */
  readonly valueCount: number;
  readonly compressedBytes: number;
  readonly bytes: number;
}

/** What stands before a page. */
export type PageHeader =
  | (AnyPage & { readonly kind: "dictionary" })
  | (AnyPage & { readonly kind: "data" })
  | (AnyPage & {
      readonly kind: "data-v2";
      readonly repetitionBytes: number;
      readonly definitionBytes: number;
      readonly isCompressed: boolean;
    })
  | { readonly kind: "other"; readonly compressedBytes: number };

/**
 * Reads what stands before a page; `end` is where the page itself begins.
 * @throws SelectError `ParquetParsingError`, and so it does where the bytes end too early
 * @see https://parquet.apache.org/docs/file-format/data-pages/
 */
export function readPageHeader(bytes: Uint8Array): { header: PageHeader; end: number } {
  const reader = new ThriftReader(bytes);
  const sizes = { kind: -1, compressedBytes: 0, bytes: 0 };
  let inner: PageFields | null = null;
  reader.eachField((id, type) => {
    if (id === 1) sizes.kind = reader.integer(type);
    else if (id === 2) sizes.bytes = reader.integer(type);
    else if (id === 3) sizes.compressedBytes = reader.integer(type);
    else if (id === 5) inner = readFields(reader, type, "data");
    else if (id === 7) inner = readFields(reader, type, "dictionary");
    else if (id === 8) inner = readFields(reader, type, "data-v2");
    else reader.skip(type);
  });
  requireSize(sizes.bytes);
  requireSize(sizes.compressedBytes);
  return { header: headerOf(sizes, inner), end: reader.at };
}

interface PageFields {
  readonly kind: "dictionary" | "data" | "data-v2";
  readonly encoding: Encoding;
  readonly valueCount: number;
  readonly repetitionBytes: number;
  readonly definitionBytes: number;
  readonly isCompressed: boolean;
}

/** Pages of other kinds are passed over. */
const KINDS: readonly (PageFields["kind"] | undefined)[] = [
  "data",
  undefined,
  "dictionary",
  "data-v2",
];

function headerOf(
  { kind, ...sizes }: { kind: number; compressedBytes: number; bytes: number },
  inner: PageFields | null,
): PageHeader {
  const name = KINDS[kind];
  if (name === undefined) return { kind: "other", compressedBytes: sizes.compressedBytes };
  if (inner?.kind !== name) throw damaged("the header of a page does not fit its kind");
  return { ...inner, kind: name, ...sizes };
}

function readFields(reader: ThriftReader, fieldType: number, kind: PageFields["kind"]): PageFields {
  const isV2 = kind === "data-v2";
  const numbers = { valueCount: 0, encoding: 0, repetitionBytes: 0, definitionBytes: 0 };
  let isCompressed = true;
  reader.structure(fieldType, (id, type) => {
    if (id === 1) numbers.valueCount = reader.integer(type);
    else if (id === (isV2 ? 4 : 2)) numbers.encoding = reader.integer(type);
    else if (isV2 && id === 5) numbers.definitionBytes = reader.integer(type);
    else if (isV2 && id === 6) numbers.repetitionBytes = reader.integer(type);
    else if (isV2 && id === 7) isCompressed = reader.boolean(type);
    else reader.skip(type);
  });
  const encoding = ENCODINGS[numbers.encoding];
  if (encoding === undefined) throw damaged(`encoding ${numbers.encoding} is not known`);
  if (numbers.valueCount < 0 || numbers.valueCount > MAX_PAGE_VALUES) {
    throw damaged(`a page is said to have ${numbers.valueCount} values`);
  }
  return { ...numbers, kind, encoding, isCompressed };
}

function requireSize(bytes: number): void {
  if (bytes >= 0 && bytes <= MAX_PAGE_BYTES) return;
  throw damaged(`a page of ${bytes} bytes is none of those up to ${MAX_PAGE_BYTES} that are read`);
}
