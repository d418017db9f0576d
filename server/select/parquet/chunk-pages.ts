import { setImmediate } from "node:timers/promises";
import type { Progress } from "../output/progress.ts";
import type { ChunkBytes } from "./chunk-bytes.ts";
import { decodeDictionary, decodePage, type Page, type Unpack } from "./decode-page.ts";
import { damaged } from "./fault.ts";
import type { Leaf } from "./leaf.ts";
import { readPageHeader, type PageHeader } from "./page-header.ts";
import type { PlainVector } from "./vector.ts";

/** Headers have less, unless they hold long bounds; in bytes. */
const HEADER_BYTES = 1024;
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

type DataHeader = Extract<PageHeader, { kind: "data" | "data-v2" }>;

/** The data pages of one column in one row group, in order; the dictionary before them is read along. */
export class ChunkPages {
  readonly #bytes: ChunkBytes;
  readonly #unpack: Unpack;
  readonly #leaf: Leaf;
  readonly #progress: Pick<Progress, "countProcessed">;
  #dictionary: PlainVector | null = null;
  #header: DataHeader | null = null;

  constructor(
    bytes: ChunkBytes,
    unpack: Unpack,
    leaf: Leaf,
    progress: Pick<Progress, "countProcessed">,
  ) {
    this.#bytes = bytes;
    this.#unpack = unpack;
    this.#leaf = leaf;
    this.#progress = progress;
  }

  /** Values of the page that comes next, NULLs included; null behind the last one. */
  async nextCount(): Promise<number | null> {
    while (this.#header === null) {
      if (this.#bytes.leftBytes === 0) return null;
      const header = await this.#readHeader();
      if (header.kind === "data" || header.kind === "data-v2") this.#header = header;
      else if (header.kind === "dictionary") await this.#readDictionary(header);
      else this.#bytes.skip(header.compressedBytes);
    }
    return this.#header.valueCount;
  }

  /** Reads what stands before the first data page, whose offset is known. */
  async readUntil(offset: number): Promise<void> {
    while (this.#bytes.at < offset && this.#bytes.leftBytes > 0) {
      const header = await this.#readHeader();
      if (header.kind === "dictionary") await this.#readDictionary(header);
      else this.#bytes.skip(header.compressedBytes);
    }
  }

  /** The page whose values `nextCount` has said. */
  async take(): Promise<Page> {
    const header = this.#forget();
    const packed = await this.#body(header.compressedBytes);
    // Others have their turn before each page: those of many columns may come at once.
    await setImmediate();
    this.#progress.countProcessed(header.bytes);
    return decodePage(header, packed, this.#unpack, this.#leaf, this.#dictionary);
  }

  /** Passes over the page whose values `nextCount` has said. */
  skip(): void {
    this.#bytes.skip(this.#forget().compressedBytes);
  }

  /** Goes to a page by its offset; `end` of what is needed from there on. */
  async seek(offset: number, end: number): Promise<void> {
    this.#header = null;
    await this.#bytes.seek(offset, end);
  }

  #forget(): DataHeader {
    const header = this.#header;
    if (header === null) throw new Error("A page is taken before its values were counted");
    this.#header = null;
    return header;
  }

  async #readHeader(): Promise<PageHeader> {
    for (let length = HEADER_BYTES; ; length *= 8) {
      const bytes = await this.#bytes.peek(length);
      try {
        const { header, end } = readPageHeader(bytes);
        this.#bytes.skip(end);
        return header;
      } catch (error) {
        // It may be longer than that.
        if (bytes.length < length || length >= MAX_HEADER_BYTES) throw error;
      }
    }
  }

  async #readDictionary(header: Extract<PageHeader, { kind: "dictionary" }>) {
    if (this.#dictionary !== null)
      throw damaged(`its column "${this.#leaf.name}" has two dictionaries`);
    const packed = await this.#body(header.compressedBytes);
    this.#progress.countProcessed(header.bytes);
    this.#dictionary = decodeDictionary(header, packed, this.#unpack, this.#leaf);
  }

  async #body(length: number): Promise<Uint8Array> {
    const body = await this.#bytes.peek(length);
    if (body.length < length) throw damaged(`a page of its column "${this.#leaf.name}" is cut off`);
    this.#bytes.skip(length);
    return body;
  }
}
