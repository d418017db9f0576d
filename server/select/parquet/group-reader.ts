import type { Progress } from "../output/progress.ts";
import { ChunkBytes } from "./chunk-bytes.ts";
import { ChunkPages } from "./chunk-pages.ts";
import type { PageUnpacker } from "./decompress.ts";
import { damaged } from "./fault.ts";
import { HELD_BYTES, planFetches, windowBytesFor } from "./fetch-plan.ts";
import type { Leaf } from "./leaf.ts";
import type { ColumnChunk, RowGroup } from "./metadata.ts";
import type { ObjectBytes } from "./object-bytes.ts";
import { readColumnIndex, readOffsetIndex, type PageBounds, type PagePlace } from "./page-index.ts";
import type { Chunk } from "./page-walk.ts";
import type { Scratch } from "./scratch.ts";

/** Requests under way at a time. */
const MOST_FETCHES = 4;

/** Reads the columns of one row group. */
export class GroupReader {
  readonly group: RowGroup;
  readonly #object: ObjectBytes;
  readonly #progress: Pick<Progress, "countProcessed">;
  readonly #unpacker: PageUnpacker;
  readonly #windowBytes: number;
  readonly #fetched: Uint8Array[] = [];
  readonly #held = new Map<Leaf, Uint8Array>();
  readonly #places = new Map<Leaf, readonly PagePlace[]>();

  /** @param columnCount how many columns are read */
  constructor(
    group: RowGroup,
    object: ObjectBytes,
    progress: Pick<Progress, "countProcessed">,
    unpacker: PageUnpacker,
    columnCount: number,
  ) {
    this.group = group;
    this.#object = object;
    this.#progress = progress;
    this.#unpacker = unpacker;
    this.#windowBytes = windowBytesFor(columnCount);
  }

  /** Nothing of the row group is looked at any more. */
  close(): void {
    for (const bytes of this.#fetched) this.#object.release(bytes);
  }

  /** @throws SelectError `ParquetParsingError` where the row group lacks it */
  columnChunk(leaf: Leaf): ColumnChunk {
    const chunk = this.group.chunks.get(leaf.index);
    if (chunk === undefined) throw damaged(`a row group lacks the column "${leaf.name}"`);
    return chunk;
  }

  /** Fetches small columns whole, those that lie together in one; larger ones come as they are read. */
  async fetch(leaves: Iterable<Leaf>): Promise<void> {
    const byStart = new Map<number, Leaf[]>();
    const ranges = [];
    let leftBytes = HELD_BYTES;
    for (const leaf of leaves) {
      const { range } = this.columnChunk(leaf);
      const sizeBytes = range.end - range.start;
      const isWhole = sizeBytes <= Math.min(leftBytes, this.#windowBytes);
      if (!isWhole || this.#held.has(leaf) || this.#places.has(leaf)) continue;
      leftBytes -= sizeBytes;
      ranges.push(range);
      byStart.set(range.start, [...(byStart.get(range.start) ?? []), leaf]);
    }
    const fetches = planFetches(ranges);
    for (let index = 0; index < fetches.length; index += MOST_FETCHES) {
      const some = fetches.slice(index, index + MOST_FETCHES);
      const fetched = await Promise.allSettled(some.map(({ range }) => this.#object.fetch(range)));
      for (const [place, { range, parts }] of some.entries()) {
        const result = fetched[place];
        // None is left open behind one that failed.
        if (result?.status !== "fulfilled") throw result?.reason;
        this.#fetched.push(result.value);
        for (const { start, end } of parts) {
          const part = result.value.subarray(start - range.start, end - range.start);
          for (const leaf of byStart.get(start) ?? []) this.#held.set(leaf, part);
        }
      }
    }
  }

  /** Reads where the pages of some columns lie, as far as the file says so. */
  async fetchPlaces(leaves: Iterable<Leaf>): Promise<void> {
    await this.#fetchIndexes(leaves, "offsetIndex", (bytes, leaf) => {
      const { range } = this.columnChunk(leaf);
      this.#places.set(leaf, readOffsetIndex(bytes, range, this.group.rowCount));
    });
  }

  /** Reads the bounds of the pages of some columns, as far as the file has them. */
  async fetchBounds(leaves: Iterable<Leaf>): Promise<ReadonlyMap<Leaf, readonly PageBounds[]>> {
    const bounds = new Map<Leaf, readonly PageBounds[]>();
    await this.#fetchIndexes(leaves, "columnIndex", (bytes, leaf) => {
      bounds.set(leaf, readColumnIndex(bytes));
    });
    return bounds;
  }

  /** Where the pages of a column lie; null where that is not known. */
  placesOf(leaf: Leaf): readonly PagePlace[] | null {
    return this.#places.get(leaf) ?? null;
  }

  /** Begins to read a column, whose pages are unpacked into `scratch`. */
  open(leaf: Leaf, scratch: Scratch, isNeeded: (place: PagePlace) => boolean): Chunk {
    const { range, codec } = this.columnChunk(leaf);
    const bytes = new ChunkBytes(this.#object, range, this.#windowBytes, this.#held.get(leaf));
    const unpacker = this.#unpacker;
    const unpack = {
      isPacked: codec !== "UNCOMPRESSED",
      page: (packed: Uint8Array, size: number) => unpacker.unpack(codec, packed, size, scratch),
      // It is needed for as long as the column is read.
      dictionary: (packed: Uint8Array, size: number) =>
        unpacker.unpack(codec, packed, size, scratch.dictionary()),
    };
    const pages = new ChunkPages(bytes, unpack, leaf, this.#progress);
    return { name: leaf.name, pages, places: this.placesOf(leaf), isNeeded };
  }

  async #fetchIndexes(
    leaves: Iterable<Leaf>,
    kind: "offsetIndex" | "columnIndex",
    take: (bytes: Uint8Array, leaf: Leaf) => void,
  ): Promise<void> {
    const wanted = [...new Set(leaves)].flatMap((leaf) => {
      const range = this.columnChunk(leaf)[kind];
      return range === null ? [] : { leaf, range };
    });
    for (const { range, parts } of planFetches(wanted.map((each) => each.range))) {
      const bytes = await this.#object.fetch(range);
      for (const { leaf, range: part } of wanted) {
        if (!parts.includes(part)) continue;
        take(bytes.subarray(part.start - range.start, part.end - range.start), leaf);
      }
    }
  }
}
