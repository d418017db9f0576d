import type { ChunkPages } from "./chunk-pages.ts";
import type { Page } from "./decode-page.ts";
import { damaged } from "./fault.ts";
import type { Leaf } from "./leaf.ts";
import type { PagePlace } from "./page-index.ts";
import type { Scratch } from "./scratch.ts";

/** The pages of one column in one row group. */
export interface Chunk {
  readonly name: string;
  readonly pages: ChunkPages;
  /** Where they lie; null where the file does not say so, or where all are needed. */
  readonly places: readonly PagePlace[] | null;
  /** Whether any of the rows of a page is wanted, as far as is known by now. */
  isNeeded(place: PagePlace): boolean;
}

/** Begins to read a column; its pages are unpacked into memory that is used again for each. */
export type ChunkOf = (leaf: Leaf, scratch: Scratch) => Chunk;

/** A page, and the row of the group that it begins with. */
interface PlacedPage {
  readonly page: Page;
  readonly firstRow: number;
}

/** Goes to the pages of a column by rows, which are asked for in order, and passes over those between. */
export class PageWalk {
  readonly #chunk: Chunk;
  #placeIndex = 0;
  #nextRow = 0;
  #hasDictionary = false;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  /** The page that holds a row, of a column with one value a row. @throws SelectError `ParquetParsingError` */
  async pageOf(row: number): Promise<PlacedPage> {
    if (this.#chunk.places !== null) {
      const { page, place } = await this.placedPageOf(row, this.#chunk.places);
      if (page.valueCount !== place.endRow - place.firstRow) throw this.#unfit();
      return { page, firstRow: place.firstRow };
    }
    const { pages } = this.#chunk;
    for (;;) {
      const count = await pages.nextCount();
      if (count === null) throw this.#unfit();
      const firstRow = this.#nextRow;
      this.#nextRow += count;
      if (row < this.#nextRow) return { page: await pages.take(), firstRow };
      pages.skip();
    }
  }

  /** The same by the places of the pages. */
  async placedPageOf(
    row: number,
    places: readonly PagePlace[],
  ): Promise<{ readonly page: Page; readonly place: PagePlace }> {
    const { pages } = this.#chunk;
    if (!this.#hasDictionary) await pages.readUntil(places[0]?.offset ?? 0);
    this.#hasDictionary = true;
    let place = places[this.#placeIndex];
    while (place && row >= place.endRow) place = places[(this.#placeIndex += 1)];
    if (!place) throw this.#unfit();
    await pages.seek(place.offset, this.#neededEnd(place, places));
    if ((await pages.nextCount()) === null) throw this.#unfit();
    return { page: await pages.take(), place };
  }

  /** Pages that follow at once and are needed, too, are fetched along. */
  #neededEnd(first: PagePlace, places: readonly PagePlace[]): number {
    let end = first.endOffset;
    for (let index = this.#placeIndex + 1; index < places.length; index += 1) {
      const next = places[index];
      if (!next || next.offset !== end || !this.#chunk.isNeeded(next)) break;
      end = next.endOffset;
    }
    return end;
  }

  #unfit(): Error {
    return damaged(`the pages of its column "${this.#chunk.name}" have fewer rows than it says`);
  }
}
