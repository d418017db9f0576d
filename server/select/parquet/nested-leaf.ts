import type { Value } from "../values/value.ts";
import type { Page } from "./decode-page.ts";
import { damaged } from "./fault.ts";
import type { Leaf } from "./leaf.ts";
import { MAX_PAGE_VALUES } from "./page-header.ts";
import { PageWalk, type Chunk, type ChunkOf } from "./page-walk.ts";
import { Scratch } from "./scratch.ts";
import { valueReader } from "./value-reader.ts";

/** Entries of a column that lies within others: a value each, or the level at which something is missing. */
interface Entries {
  readonly definitions: Uint8Array;
  readonly repetitions: Uint8Array;
  readonly values: readonly Value[];
}

const NO_ENTRIES: Entries = {
  definitions: new Uint8Array(0),
  repetitions: new Uint8Array(0),
  values: [],
};

/** A column that lies within lists or structures: some of its rows are at hand, and one of their entries is next. */
export class NestedLeaf {
  readonly leaf: Leaf;
  #chunk: Chunk | null = null;
  readonly #scratch = new Scratch();
  #walk: PageWalk | null = null;
  #entries: Entries = NO_ENTRIES;
  /** Where each row begins, and where the last one ends. */
  #starts: Int32Array = new Int32Array(1);
  #firstRow = 0;
  #at = 0;
  #end = 0;

  constructor(leaf: Leaf) {
    this.leaf = leaf;
  }

  /** The row behind those at hand. */
  get endRow(): number {
    return this.#firstRow + this.#starts.length - 1;
  }

  /** Begins with a row group. */
  open(chunkOf: ChunkOf): void {
    this.#chunk = chunkOf(this.leaf, this.#scratch);
    this.#walk = new PageWalk(this.#chunk);
    this.#show(NO_ENTRIES, new Int32Array(1), 0);
  }

  /** Has a row at hand; rows are asked for in order. */
  async load(row: number): Promise<void> {
    while (row >= this.endRow) await this.#next(row);
  }

  /** Goes to the first entry of a row at hand. */
  goTo(row: number): void {
    const index = row - this.#firstRow;
    this.#at = this.#starts[index] ?? 0;
    this.#end = this.#starts[index + 1] ?? 0;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  /** The definition level of the entry that is next. @throws SelectError `ParquetParsingError` where the row has no more */
  get definition(): number {
    if (this.#at < this.#end) return this.#entries.definitions[this.#at] ?? 0;
    throw damaged("the columns of a structure do not fit each other");
  }

  /** The repetition level of the entry that is next; -1 behind the last one of the row. */
  get repetition(): number {
    return this.#at < this.#end ? (this.#entries.repetitions[this.#at] ?? 0) : -1;
  }

  /** The value of the entry that is next, which is passed. */
  take(): Value {
    const value =
      this.definition === this.leaf.maxDefinition ? this.#entries.values[this.#at] : null;
    this.#at += 1;
    return value ?? null;
  }

  async #next(row: number): Promise<void> {
    const { leaf } = this;
    if (this.#walk === null || this.#chunk === null) {
      throw new Error("A column is read before it was opened");
    }
    const { pages, places } = this.#chunk;
    if (leaf.maxRepetition === 0) {
      const { page, firstRow } = await this.#walk.pageOf(row);
      const starts = Int32Array.from({ length: page.valueCount + 1 }, (_, index) => index);
      this.#show(entriesOf(page, leaf), starts, firstRow);
    } else if (places !== null) {
      const { page, place } = await this.#walk.placedPageOf(row, places);
      const entries = entriesOf(page, leaf);
      const starts = startsOf(entries, true);
      if (starts.length - 1 !== place.endRow - place.firstRow) throw unfit(leaf);
      this.#show(entries, starts, place.firstRow);
    } else {
      if ((await pages.nextCount()) === null) throw unfit(leaf);
      const joined = join(this.#unfinished(), entriesOf(await pages.take(), leaf));
      if (joined.values.length > MAX_PAGE_VALUES) throw damaged("a row has more values than fit");
      // Older pages end wherever they are full, within a row, too.
      const isLast = (await pages.nextCount()) === null;
      this.#show(joined, startsOf(joined, isLast), this.endRow);
    }
  }

  /** Entries of a row that has begun, behind the rows at hand. */
  #unfinished(): Entries {
    const from = this.#starts.at(-1) ?? 0;
    const { definitions, repetitions, values } = this.#entries;
    return {
      definitions: definitions.subarray(from),
      repetitions: repetitions.subarray(from),
      values: values.slice(from),
    };
  }

  #show(entries: Entries, starts: Int32Array, firstRow: number): void {
    this.#entries = entries;
    this.#starts = starts;
    this.#firstRow = firstRow;
  }
}

function unfit({ name }: Leaf): Error {
  return damaged(`the pages of its column "${name}" have fewer rows than it says`);
}

function entriesOf(page: Page, leaf: Leaf): Entries {
  const { valueCount } = page;
  const definitions = page.definitions ?? new Uint8Array(valueCount).fill(leaf.maxDefinition);
  const repetitions = page.repetitions ?? new Uint8Array(valueCount);
  const read = valueReader(leaf.meaning, page.values());
  const values: Value[] = [];
  let next = 0;
  for (let index = 0; index < valueCount; index += 1) {
    if (definitions[index] === leaf.maxDefinition) {
      values.push(read(next));
      next += 1;
    } else values.push(null);
  }
  return { definitions, repetitions, values };
}

/** Where rows begin, and where the last whole one ends: a row is whole once the next one has begun. */
function startsOf({ repetitions }: Entries, isLast: boolean): Int32Array {
  const starts: number[] = [];
  for (let index = 0; index < repetitions.length; index += 1) {
    if (repetitions[index] === 0) starts.push(index);
  }
  if (repetitions.length > 0 && starts[0] !== 0) throw damaged("a row begins in its middle");
  if (isLast || starts.length === 0) starts.push(repetitions.length);
  return Int32Array.from(starts);
}

function join(first: Entries, second: Entries): Entries {
  if (first.values.length === 0) return second;
  return {
    definitions: Buffer.concat([first.definitions, second.definitions]),
    repetitions: Buffer.concat([first.repetitions, second.repetitions]),
    values: [...first.values, ...second.values],
  };
}
