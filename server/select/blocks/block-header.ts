import type { CsvInput } from "../../../shared/select/csv-input.ts";
import { CsvScanner } from "../input/csv-scanner.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { Block } from "./block-memory.ts";
import type { BlockReader } from "./block-reader.ts";

/** The names of the columns, and what is left of the block that they stand in. */
export interface HeaderAndRest {
  readonly names: readonly string[];
  /** Null where nothing is. */
  readonly rest: Block | null;
}

/** Takes the first record from the beginning of an object; there are no names where there is none. */
export async function takeHeader(
  reader: Pick<BlockReader, "next">,
  csv: CsvInput,
  memory: KernelMemory,
): Promise<HeaderAndRest> {
  for (let block = await reader.next(0); block !== null; block = await reader.next(0)) {
    const found = splitHeader(block, csv, memory);
    if (found !== null) return found;
  }
  return { names: [], rest: null };
}

/** Null where a block has no record, but empty lines or comments. */
function splitHeader(block: Block, csv: CsvInput, memory: KernelMemory): HeaderAndRest | null {
  const bytes = new Uint8Array(memory.buffer).subarray(block.start, block.dataEnd);
  let names: readonly string[] | null = null;
  let rest: Block | null = null;
  const scanner = new CsvScanner(
    csv,
    (row, offset) => {
      if (names === null) {
        names = row.texts();
        return true;
      }
      rest = { ...block, start: block.start + offset - block.offset, offset };
      return false;
    },
    block.offset,
  );
  scanner.push(bytes);
  scanner.end();
  return names === null ? null : { names, rest };
}
