import { writeStruct, type ThriftFields, type ThriftValue } from "./thrift-writer.ts";

/** Numbers of the format: types, encodings, codecs and kinds of pages. */
const INT32 = 1;
export const INT64 = 2;
export const BYTE_ARRAY = 6;
const PLAIN = 0;
export const RLE_DICTIONARY = 8;
const UNCOMPRESSED = 0;
export const LZO = 3;
const DATA = 0;
const DICTIONARY = 2;

/** A page as it stands in a file; what is said of it may be a lie. */
export interface CraftedPage {
  readonly body: Uint8Array;
  readonly valueCount: number;
  readonly encoding?: number;
  readonly isDictionary?: boolean;
  readonly size?: number;
}

/** A file with one column and one row group; what is said in it may be a lie. */
export interface CraftedFile {
  readonly pages: readonly CraftedPage[];
  readonly rowCount: number;
  readonly valueCount?: number;
  readonly type?: number;
  readonly codec?: number;
  readonly totalBytes?: number;
  readonly chunkBytes?: number;
  readonly dataOffset?: number;
  /** 0 required, 1 optional, 2 repeated. */
  readonly repetition?: number;
  /** In place of the schema of one column. */
  readonly schema?: readonly ThriftFields[];
}

function craftPage({ body, valueCount, encoding = PLAIN, isDictionary, size }: CraftedPage) {
  const inner: ThriftValue = {
    fields: {
      1: { int: valueCount },
      2: { int: encoding },
      ...(!isDictionary && { 3: { int: 3 }, 4: { int: 3 } }),
    },
  };
  const header = writeStruct({
    1: { int: isDictionary ? DICTIONARY : DATA },
    2: { int: size ?? body.length },
    3: { int: body.length },
    ...(isDictionary ? { 7: inner } : { 5: inner }),
  });
  return Buffer.concat([header, body]);
}

export function craftFile(file: CraftedFile): Buffer {
  const { type = INT32, codec = UNCOMPRESSED, repetition = 0, rowCount } = file;
  const pages = Buffer.concat(file.pages.map(craftPage));
  const schema = file.schema ?? [
    { 4: { bytes: "root" }, 5: { int: 1 } },
    { 1: { int: type }, 3: { int: repetition }, 4: { bytes: "v" } },
  ];
  const column: ThriftFields = {
    1: { int: type },
    4: { int: codec },
    5: { int: file.valueCount ?? rowCount },
    7: { int: file.chunkBytes ?? pages.length },
    9: { int: file.dataOffset ?? 4 },
  };
  const group: ThriftFields = {
    1: { list: [{ fields: { 2: { int: 0 }, 3: { fields: column } } }] },
    2: { int: file.totalBytes ?? pages.length },
    3: { int: rowCount },
  };
  const footer = writeStruct({
    1: { int: 1 },
    2: { list: schema.map((fields) => ({ fields })) },
    3: { int: rowCount },
    4: { list: [{ fields: group }] },
  });
  return sealed(Buffer.concat([Buffer.from("PAR1"), pages]), footer);
}

/** What comes before the footer, the footer, its length and the magic. */
export function sealed(before: Uint8Array, footer: Uint8Array, length = footer.length): Buffer {
  const trailer = Buffer.alloc(8, "    PAR1");
  trailer.writeUInt32LE(length, 0);
  return Buffer.concat([before, footer, trailer]);
}

/** Integers of 32 bits, one behind the other. */
export function int32s(...values: readonly number[]): Buffer {
  return Buffer.from(Int32Array.from(values).buffer);
}
