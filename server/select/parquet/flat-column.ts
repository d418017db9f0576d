import { MISSING, type Value } from "../values/value.ts";
import type { Page } from "./decode-page.ts";
import type { Leaf, Meaning } from "./leaf.ts";
import { PageWalk, type ChunkOf } from "./page-walk.ts";
import { Scratch } from "./scratch.ts";
import { valueReader } from "./value-reader.ts";
import type { Vector } from "./vector.ts";

/** In the place of a value there is NULL, or what it would lie in is missing. */
const NULL_SLOT = -1;
const MISSING_SLOT = -2;

/** The rows of a page, each with one value at most. */
export interface FlatPage {
  /** The rows are counted from the first of the row group on. */
  readonly firstRow: number;
  readonly endRow: number;
  /** Which value each row has, negative for none; null where each has its own. */
  readonly slots: Int32Array | null;
  values(): Vector;
}

const NONE: FlatPage = {
  firstRow: 0,
  endRow: 0,
  slots: null,
  values: () => ({ kind: "bool", values: new Uint8Array(0) }),
};

/** A column with one value a row, of which one page is at hand. */
export class FlatColumn {
  readonly leaf: Leaf;
  readonly meaning: Meaning;
  readonly #scratch = new Scratch();
  #walk: PageWalk | null = null;
  #page: FlatPage = NONE;
  #read: ((index: number) => Value) | null = null;

  constructor(leaf: Leaf) {
    this.leaf = leaf;
    this.meaning = leaf.meaning;
  }

  get leaves(): readonly Leaf[] {
    return [this.leaf];
  }

  get page(): FlatPage {
    return this.#page;
  }

  /** The row behind those at hand. */
  get endRow(): number {
    return this.#page.endRow;
  }

  /** Begins with a row group. */
  open(chunkOf: ChunkOf): void {
    this.#walk = new PageWalk(chunkOf(this.leaf, this.#scratch));
    this.#show(NONE);
  }

  /** Has the page that holds a row at hand; rows are asked for in order. */
  async load(row: number): Promise<void> {
    if (row < this.#page.endRow) return;
    if (this.#walk === null) throw new Error("A column is read before it was opened");
    const { page, firstRow } = await this.#walk.pageOf(row);
    this.#show(flatPageOf(page, firstRow, this.leaf));
  }

  valueAt(row: number): Value {
    const { firstRow, slots } = this.#page;
    const slot = slots === null ? row - firstRow : (slots[row - firstRow] ?? NULL_SLOT);
    if (slot < 0) return slot === NULL_SLOT ? null : MISSING;
    return this.valueOf(slot);
  }

  /** The value in a slot of the page, or of its dictionary. */
  valueOf(slot: number): Value {
    this.#read ??= valueReader(this.meaning, this.#page.values());
    return this.#read(slot);
  }

  #show(page: FlatPage): void {
    this.#page = page;
    this.#read = null;
  }
}

function flatPageOf(page: Page, firstRow: number, leaf: Leaf): FlatPage {
  const endRow = firstRow + page.valueCount;
  const { definitions, values } = page;
  return { firstRow, endRow, slots: definitions && slotsOf(definitions, leaf), values };
}

function slotsOf(definitions: Uint8Array, { maxDefinition, isOptional }: Leaf): Int32Array {
  const slots = new Int32Array(definitions.length);
  const nullLevel = isOptional ? maxDefinition - 1 : maxDefinition;
  let next = 0;
  for (let index = 0; index < slots.length; index += 1) {
    const level = definitions[index] ?? 0;
    if (level === maxDefinition) {
      slots[index] = next;
      next += 1;
    } else slots[index] = level === nullLevel ? NULL_SLOT : MISSING_SLOT;
  }
  return slots;
}
