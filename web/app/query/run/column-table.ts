import { cellOf, readsAsNumber, textOf } from "./cell.ts";
import { walkFields } from "./record-fields.ts";

/** A column of the answer, as far as it has come. */
export interface ResultColumn {
  readonly name: string;
  /** All values that were looked at are numbers, or read as such. */
  readonly isNumeric: boolean;
  /** Characters of the longest value that was looked at. */
  readonly maxLength: number;
}

/** Most columns that are shown: records of keys that are all different would make one of each. */
export const MAX_COLUMNS = 1000;

/** Records whose values are looked at for the widths; names are looked at in all of them. */
const PROFILED_RECORDS = 2000;

/** Bytes of a value that are looked at for the widths. */
const PROFILED_BYTES = 256;

interface GrowingColumn {
  readonly name: string;
  /** The name as it stands between its quotes in the answer. */
  readonly rawName: Uint8Array;
  isNumeric: boolean;
  maxLength: number;
  /** The last record that had it, so that a name that comes twice is two columns. */
  seenIn: number;
}

/** Finds out which columns an answer has, as its records come. */
export class ColumnTable {
  readonly #columns: GrowingColumn[] = [];
  readonly #indicesByName = new Map<string, number[]>();
  #recordCount = 0;
  #next = 0;
  #isChanged = false;

  /** Columns as they are now; answered once for each change, `null` where nothing is new. */
  takeChanged(): readonly ResultColumn[] | null {
    if (!this.#isChanged) return null;
    this.#isChanged = false;
    return this.#columns.map(({ name, isNumeric, maxLength }) => ({ name, isNumeric, maxLength }));
  }

  /** Looks at a record: its names, and its values as long as it is one of the first. */
  note(bytes: Uint8Array, start: number, end: number): void {
    this.#recordCount += 1;
    this.#next = 0;
    walkFields(bytes, start, end, (nameStart, nameEnd, valueStart, valueEnd) => {
      const column = this.#columnOf(bytes, nameStart, nameEnd);
      if (column === null) return;
      column.seenIn = this.#recordCount;
      if (this.#recordCount <= PROFILED_RECORDS) {
        this.#profile(column, bytes, valueStart, valueEnd);
      }
    });
  }

  /** Most records have the names of the one before in the same order. */
  #columnOf(bytes: Uint8Array, nameStart: number, nameEnd: number): GrowingColumn | null {
    const expected = this.#columns[this.#next];
    if (expected && isSame(bytes, nameStart, nameEnd, expected.rawName)) {
      this.#next += 1;
      return expected;
    }
    const name = textOf(bytes, nameStart - 1, nameEnd + 1);
    const indices = this.#indicesByName.get(name) ?? [];
    const index = indices.find((at) => this.#columns[at]?.seenIn !== this.#recordCount);
    if (index === undefined) return this.#add(name, bytes.slice(nameStart, nameEnd), indices);
    this.#next = index + 1;
    return this.#columns[index] ?? null;
  }

  #add(name: string, rawName: Uint8Array, indices: readonly number[]): GrowingColumn | null {
    if (this.#columns.length >= MAX_COLUMNS) return null;
    const column = { name, rawName, isNumeric: true, maxLength: 0, seenIn: 0 };
    this.#indicesByName.set(name, [...indices, this.#columns.length]);
    this.#columns.push(column);
    this.#next = this.#columns.length;
    this.#isChanged = true;
    return column;
  }

  #profile(column: GrowingColumn, bytes: Uint8Array, start: number, end: number): void {
    const isLong = end - start > PROFILED_BYTES;
    const { kind, text } = isLong ? { kind: "text", text: "" } : cellOf(bytes, start, end);
    const maxLength = Math.max(column.maxLength, isLong ? PROFILED_BYTES : text.length);
    const says = kind === "null" || text === "";
    const isNumeric =
      column.isNumeric &&
      !isLong &&
      (says || kind === "number" || (kind === "text" && readsAsNumber(text)));
    if (maxLength === column.maxLength && isNumeric === column.isNumeric) return;
    column.maxLength = maxLength;
    column.isNumeric = isNumeric;
    this.#isChanged = true;
  }
}

function isSame(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (bytes[start + at] !== name[at]) return false;
  }
  return true;
}
