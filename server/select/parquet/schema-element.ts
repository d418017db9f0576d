import { damaged } from "./fault.ts";
import type { ThriftReader } from "./thrift.ts";

/** How values lie in the file, in the order of their numbers there. */
const PHYSICAL_TYPES = [
  "BOOLEAN",
  "INT32",
  "INT64",
  "INT96",
  "FLOAT",
  "DOUBLE",
  "BYTE_ARRAY",
  "FIXED_LEN_BYTE_ARRAY",
] as const;
export type PhysicalType = (typeof PHYSICAL_TYPES)[number];

const REPETITIONS = ["required", "optional", "repeated"] as const;
export type Repetition = (typeof REPETITIONS)[number];

/** What the older annotation of a column can say, in the order of the numbers in the file. */
const CONVERTED_TYPES = [
  "UTF8",
  "MAP",
  "MAP_KEY_VALUE",
  "LIST",
  "ENUM",
  "DECIMAL",
  "DATE",
  "TIME_MILLIS",
  "TIME_MICROS",
  "TIMESTAMP_MILLIS",
  "TIMESTAMP_MICROS",
  "UINT_8",
  "UINT_16",
  "UINT_32",
  "UINT_64",
  "INT_8",
  "INT_16",
  "INT_32",
  "INT_64",
  "JSON",
  "BSON",
  "INTERVAL",
] as const;
export type ConvertedType = (typeof CONVERTED_TYPES)[number];

/** What the newer annotation says, as far as it matters; `unitDigits` of a second: 3, 6 or 9. */
export type LogicalType =
  | { readonly type: "STRING" | "MAP" | "LIST" | "ENUM" | "DATE" | "JSON" | "BSON" }
  | { readonly type: "UUID" | "FLOAT16" }
  | { readonly type: "DECIMAL"; readonly scale: number }
  | { readonly type: "TIME" | "TIMESTAMP"; readonly unitDigits: number }
  | { readonly type: "INTEGER"; readonly isSigned: boolean };

/** One node of the schema, which comes as a list in depth-first order. */
export interface SchemaElement {
  readonly name: string;
  /** Null for those that hold others. */
  readonly physical: PhysicalType | null;
  /** Of FIXED_LEN_BYTE_ARRAY, in bytes. */
  readonly widthBytes: number;
  readonly repetition: Repetition;
  readonly childCount: number;
  readonly converted: ConvertedType | null;
  readonly logical: LogicalType | null;
  readonly scale: number;
}

/** @throws SelectError `ParquetParsingError` */
export function readSchemaElement(reader: ThriftReader, fieldType: number): SchemaElement {
  let name = "";
  let physical: PhysicalType | null = null;
  let repetition: Repetition = "required";
  let converted: ConvertedType | null = null;
  let logical: LogicalType | null = null;
  const numbers = { widthBytes: 0, childCount: 0, scale: 0 };
  reader.structure(fieldType, (id, type) => {
    if (id === 1) physical = named(PHYSICAL_TYPES, reader.integer(type));
    else if (id === 2) numbers.widthBytes = reader.integer(type);
    else if (id === 3) repetition = named(REPETITIONS, reader.integer(type));
    else if (id === 4) name = new TextDecoder().decode(reader.binary(type));
    else if (id === 5) numbers.childCount = reader.integer(type);
    else if (id === 6) converted = named(CONVERTED_TYPES, reader.integer(type));
    else if (id === 7) numbers.scale = reader.integer(type);
    else if (id === 10) logical = readLogicalType(reader, type);
    else reader.skip(type);
  });
  return { name, physical, repetition, converted, logical, ...numbers };
}

function named<Name>(names: readonly Name[], number: number): Name {
  const name = names[number];
  if (name === undefined) throw damaged(`its schema has a type that is not known (${number})`);
  return name;
}

const PLAIN_LOGICAL = new Map([
  [1, "STRING"],
  [2, "MAP"],
  [3, "LIST"],
  [4, "ENUM"],
  [6, "DATE"],
  [12, "JSON"],
  [13, "BSON"],
  [14, "UUID"],
  [15, "FLOAT16"],
] as const);

/** Annotations that are not known are none: the values are shown as they lie there. */
function readLogicalType(reader: ThriftReader, fieldType: number): LogicalType | null {
  let logical: LogicalType | null = null;
  reader.structure(fieldType, (id, type) => {
    if (id === 5) logical = { type: "DECIMAL", scale: readFirst(reader, type) };
    else if (id === 7) logical = { type: "TIME", unitDigits: readUnit(reader, type) };
    else if (id === 8) logical = { type: "TIMESTAMP", unitDigits: readUnit(reader, type) };
    else if (id === 10) logical = { type: "INTEGER", isSigned: readIsSigned(reader, type) };
    else {
      const plain = [...PLAIN_LOGICAL].find(([number]) => number === id)?.[1];
      if (plain !== undefined) logical = { type: plain };
      reader.skip(type);
    }
  });
  return logical;
}

function readFirst(reader: ThriftReader, fieldType: number): number {
  let first = 0;
  reader.structure(fieldType, (id, type) => {
    if (id === 1) first = reader.integer(type);
    else reader.skip(type);
  });
  return first;
}

/** Milliseconds, microseconds and nanoseconds are fields 1 to 3 of a union. */
function readUnit(reader: ThriftReader, fieldType: number): number {
  let unit = 1;
  reader.structure(fieldType, (id, type) => {
    if (id !== 2) return reader.skip(type);
    reader.structure(type, (unitId, unitType) => {
      unit = unitId;
      reader.skip(unitType);
    });
  });
  if (unit < 1 || unit > 3) throw damaged("its schema has a unit of time that is not known");
  return unit * 3;
}

function readIsSigned(reader: ThriftReader, fieldType: number): boolean {
  let isSigned = true;
  reader.structure(fieldType, (id, type) => {
    if (id === 2) isSigned = reader.boolean(type);
    else reader.skip(type);
  });
  return isSigned;
}
