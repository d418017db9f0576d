import { escapedText, fieldText, type CsvRecord } from "../input/csv-row.ts";
import * as at from "./assembly/layout.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelMemory } from "./web-assembly.ts";

/** What lies at an address of some memory. */
export function viewOf(memory: KernelMemory, address: number): DataView {
  return new DataView(memory.buffer, address, at.CONTEXT_BYTES);
}

/** A record that the kernel has handed out; one object is used for all of them in turn. */
export class KernelRecord {
  readonly view: DataView;
  readonly #bytes: Uint8Array;
  readonly #rowBytes: number;
  #place = 0;

  constructor(bytes: Uint8Array, view: DataView, fieldCount: number) {
    this.#bytes = bytes;
    this.view = view;
    this.#rowBytes = at.ROW_HEAD_BYTES + fieldCount * at.FIELD_BYTES;
  }

  /** Turns to one of those that were handed out last; answers what is known of it. */
  turnTo(index: number): number {
    this.#place = at.ROWS + index * this.#rowBytes;
    return this.#number(8);
  }

  get start(): number {
    return this.#number(0);
  }

  /** Behind its delimiter. */
  get end(): number {
    return this.#number(4);
  }

  fieldStart(index: number): number {
    return this.#number(at.ROW_HEAD_BYTES + index * at.FIELD_BYTES);
  }

  fieldEnd(index: number): number {
    return this.#number(at.ROW_HEAD_BYTES + index * at.FIELD_BYTES + 4);
  }

  fieldKind(index: number): number {
    return this.#number(at.ROW_HEAD_BYTES + index * at.FIELD_BYTES + 8);
  }

  /**
   * The record as one of CSV.
   * @param columns which field a column is
   * @param escape the byte that takes the next one at its word
   * @param texts finds the texts of all columns
   */
  asCsv(columns: ReadonlyMap<number, number>, escape: number, texts: () => string[]): CsvRecord {
    return {
      text: (column) => {
        const index = columns.get(column);
        if (index === undefined) return texts()[column] ?? null;
        const kind = this.fieldKind(index);
        if (kind === at.ABSENT) return null;
        const start = this.fieldStart(index);
        const end = this.fieldEnd(index);
        return kind === at.ESCAPED
          ? escapedText(this.#bytes, start, end, escape)
          : fieldText(this.#bytes, start, end);
      },
      texts,
    };
  }

  #number(place: number): number {
    return this.view.getUint32(this.#place + place, true);
  }
}

/** Has the kernel read a block, and turns to each record that it hands out. */
export function* recordsOf(
  scan: Kernel["scanCsv"],
  context: number,
  record: KernelRecord,
  { start, end }: { readonly start: number; readonly end: number },
): Generator<number, void, undefined> {
  const view = record.view;
  let from = start;
  while (from < end) {
    const count = scan(context, from, end);
    from = view.getUint32(at.NEXT, true);
    for (let index = 0; index < count; index += 1) yield record.turnTo(index);
  }
}
