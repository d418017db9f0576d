import { unsupportedType } from "./fault.ts";
import type { ConvertedType, PhysicalType, SchemaElement } from "./schema-element.ts";

/** What the values of a column mean. */
export type Meaning =
  | {
      readonly kind:
        | "bool"
        | "integer"
        | "unsigned"
        | "float"
        | "half"
        | "date"
        | "text"
        | "binary"
        | "base64"
        | "uuid"
        | "interval";
    }
  | { readonly kind: "decimal"; readonly scale: number }
  /** `unitDigits` of a second: 3, 6 or 9. */
  | { readonly kind: "timestamp" | "time"; readonly unitDigits: number };

/** A column of values that hold no others. */
export interface Leaf {
  /** Its place among the columns. */
  readonly index: number;
  readonly name: string;
  readonly physical: PhysicalType;
  readonly widthBytes: number;
  readonly meaning: Meaning;
  /** Of values that are there: how many of what it lies in may be missing. */
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** NULL may stand in the place of a value. */
  readonly isOptional: boolean;
}

/** Digits beyond the 38 of the dialect are kept, within reason. */
const MAX_SCALE = 100;

/**
 * What an element of the schema says of its values; INT64 means decimals, as S3 Select has it.
 * @throws SelectError `UnsupportedParquetType`
 */
export function meaningOf(element: SchemaElement, physical: PhysicalType): Meaning {
  const { name, logical, converted, scale } = element;
  if (physical === "INT96") throw unsupportedType(`Column "${name}" of the type INT96`);
  if (logical?.type === "DECIMAL") return decimal(name, logical.scale);
  if (converted === "DECIMAL") return decimal(name, scale);
  if (logical?.type === "TIMESTAMP" || logical?.type === "TIME") {
    return { kind: logical.type === "TIME" ? "time" : "timestamp", unitDigits: logical.unitDigits };
  }
  switch (physical) {
    case "BOOLEAN":
      return { kind: "bool" };
    case "FLOAT":
    case "DOUBLE":
      return { kind: "float" };
    case "INT32":
    case "INT64":
      return meaningOfInteger(element);
    default:
      return meaningOfBytes(element, physical);
  }
}

function decimal(name: string, scale: number): Meaning {
  if (scale >= 0 && scale <= MAX_SCALE) return { kind: "decimal", scale };
  throw unsupportedType(`Column "${name}", a decimal with ${scale} digits behind its point,`);
}

const TIMES: ReadonlyMap<ConvertedType, Meaning> = new Map<ConvertedType, Meaning>([
  ["DATE", { kind: "date" }],
  ["TIME_MILLIS", { kind: "time", unitDigits: 3 }],
  ["TIME_MICROS", { kind: "time", unitDigits: 6 }],
  ["TIMESTAMP_MILLIS", { kind: "timestamp", unitDigits: 3 }],
  ["TIMESTAMP_MICROS", { kind: "timestamp", unitDigits: 6 }],
]);

function meaningOfInteger({ logical, converted }: SchemaElement): Meaning {
  if (logical?.type === "DATE") return { kind: "date" };
  const time = converted === null ? undefined : TIMES.get(converted);
  if (time !== undefined) return time;
  const isSigned =
    logical?.type === "INTEGER" ? logical.isSigned : converted?.startsWith("UINT") !== true;
  return { kind: isSigned ? "integer" : "unsigned" };
}

/** Bytes of which nothing is said are text where they are UTF-8: older writers did not say so. */
function meaningOfBytes(
  { logical, converted, widthBytes }: SchemaElement,
  physical: PhysicalType,
): Meaning {
  const isFixed = physical === "FIXED_LEN_BYTE_ARRAY";
  const type = logical?.type ?? converted;
  if (type === "STRING" || type === "UTF8" || type === "ENUM" || type === "JSON") {
    return { kind: "text" };
  }
  if (type === "UUID" && isFixed && widthBytes === 16) return { kind: "uuid" };
  if (type === "FLOAT16" && isFixed && widthBytes === 2) return { kind: "half" };
  if (type === "INTERVAL" && isFixed && widthBytes === 12) return { kind: "interval" };
  return { kind: isFixed || type === "BSON" ? "base64" : "binary" };
}
