import type { RecordReader } from "./record-reader.ts";

/**
 * Reads records from behind the first delimiter on: what comes before belongs to a record that began earlier.
 * @param from offset of the first byte that will come
 * @param scan begins to read, at the offset where a record begins
 */
export function scanBehind(
  delimiter: string,
  from: number,
  scan: (offset: number) => RecordReader,
): RecordReader {
  let reader: RecordReader | null = null;
  let held: Buffer = Buffer.alloc(0);
  let offset = from;
  return {
    get isOver() {
      return reader?.isOver ?? false;
    },
    push(piece) {
      if (reader !== null) return reader.push(piece);
      held = Buffer.concat([held, piece]);
      const at = held.indexOf(delimiter);
      if (at !== -1) {
        const end = at + delimiter.length;
        reader = scan(offset + end);
        return reader.push(held.subarray(end));
      }
      // A delimiter may lie across two pieces.
      const keptBytes = Math.min(held.length, delimiter.length - 1);
      offset += held.length - keptBytes;
      held = held.subarray(held.length - keptBytes);
    },
    end() {
      reader ??= scan(offset + held.length);
      reader.end();
    },
    takeBytes: () => reader?.takeBytes() ?? new Uint8Array(0),
  };
}
