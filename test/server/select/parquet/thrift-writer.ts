/** A value of Thrift's compact protocol; structures are fields by their numbers. */
export type ThriftValue =
  | { readonly int: number }
  | { readonly bytes: string | Uint8Array }
  | { readonly list: readonly ThriftValue[] }
  | { readonly fields: ThriftFields };

export type ThriftFields = Readonly<Record<number, ThriftValue>>;

const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** A structure in Thrift's compact protocol, as Parquet's metadata is written. */
export function writeStruct(fields: ThriftFields): Buffer {
  let last = 0;
  const parts = Object.entries(fields).map(([key, value]) => {
    const id = Number(key);
    const head = Buffer.of(((id - last) << 4) | typeOf(value));
    last = id;
    return Buffer.concat([head, writeValue(value)]);
  });
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function typeOf(value: ThriftValue): number {
  if ("int" in value) return I64;
  if ("bytes" in value) return BINARY;
  return "list" in value ? LIST : STRUCT;
}

function writeValue(value: ThriftValue): Buffer {
  if ("int" in value) return varint(value.int >= 0 ? value.int * 2 : -value.int * 2 - 1);
  if ("fields" in value) return writeStruct(value.fields);
  if ("bytes" in value) {
    const bytes = Buffer.from(value.bytes);
    return Buffer.concat([varint(bytes.length), bytes]);
  }
  const [first] = value.list;
  const head = Buffer.of(0xf0 | (first === undefined ? STRUCT : typeOf(first)));
  return Buffer.concat([head, varint(value.list.length), ...value.list.map(writeValue)]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Buffer.of(...bytes, left);
}
