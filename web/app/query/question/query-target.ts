import type { SchemaResponse } from "../../../../shared/select-api.ts";

/** A column, or a key that records have. */
export type Column = SchemaResponse["columns"][number];

/** What a query about an object is about: its records, wherever in it they are. */
export interface QueryTarget {
  /** What stands behind FROM, with the alias. */
  readonly from: string;
  readonly columns: readonly Column[];
}

/**
 * The columns that queries name when an object is read so: without names in its first line they are numbered.
 * @param detected whether the first line was taken for names when the schema was made
 */
export function columnsAsRead(
  { columns, rows }: Pick<SchemaResponse, "columns" | "rows">,
  usesNames: boolean,
  detected: boolean,
): readonly Column[] {
  if (usesNames === detected) return columns;
  return columns.map(({ type }, index) => {
    const named = usesNames ? rows[0]?.[index] : null;
    return { name: named ? named : `_${index + 1}`, type };
  });
}

/** Longest example of a value that is looked into, in characters. */
const MAX_NESTED_LENGTH = 65_536;

/** Where the records of an object are: a JSON document that is a list, or has one, holds them in there. */
export function targetOf(
  columns: readonly Column[],
  firstRow: readonly (string | null)[],
  isDocument: boolean,
): QueryTarget {
  const whole = { from: "S3Object s", columns };
  if (!isDocument) return whole;
  for (const [index, { name, type }] of columns.entries()) {
    if (type !== "nested") continue;
    const inner = columnsOfList(firstRow[index] ?? null);
    if (inner === null) continue;
    const isRoot = name === "_1" && columns.length === 1;
    return { from: `S3Object[*]${isRoot ? "" : stepTo(name)}[*] s`, columns: inner };
  }
  return whole;
}

/** A column as the language writes it: quoted where it is no plain word or has a meaning of its own. */
export function pathOf(name: string): string {
  return `s${stepTo(name)}`;
}

function stepTo(name: string): string {
  const isPlain = /^[a-z_]\w*$/iu.test(name) && !RESERVED.test(name);
  return isPlain ? `.${name}` : `."${name.replaceAll('"', '""')}"`;
}

/** Words that a query would take for something else. */
const RESERVED =
  /^(and|as|avg|between|by|case|cast|coalesce|count|date|distinct|else|end|escape|exists|false|from|group|having|in|inner|int|is|join|like|limit|max|min|missing|not|null|nullif|or|order|select|sum|then|time|timestamp|trim|true|union|user|value|values|when|where)$/i;

/** The keys of the records of a list that an example of a value shows; `null` where it is none. */
function columnsOfList(example: string | null): readonly Column[] | null {
  if (example === null || !example.startsWith("[") || example.length > MAX_NESTED_LENGTH) {
    return null;
  }
  const first = firstOf(example);
  if (typeof first !== "object" || first === null || Array.isArray(first)) return null;
  return Object.entries(first).map(([name, value]) => ({ name, type: typeOf(value) }));
}

function firstOf(example: string): unknown {
  try {
    const list: unknown = JSON.parse(example);
    return Array.isArray(list) ? list[0] : undefined;
  } catch {
    // An example may be cut off.
    return undefined;
  }
}

function typeOf(value: unknown): Column["type"] {
  if (value === null) return "null";
  if (typeof value === "object") return "nested";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "number") return "string";
  return Number.isInteger(value) ? "integer" : "decimal";
}
