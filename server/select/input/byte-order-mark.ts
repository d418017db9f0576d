/** What some programs write before UTF-8: the same text, in the only order that UTF-8 has. */
const MARK = [0xef, 0xbb, 0xbf];

/** Whether a byte is that of a mark at an object's beginning. */
export function isMark(byte: number, offset: number): boolean {
  return MARK[offset] === byte;
}

/** How many bytes the mark at the beginning of an object has: 0 where there is none. */
export function markLengthOf(bytes: Uint8Array): number {
  return MARK.every((byte, index) => bytes[index] === byte) ? MARK.length : 0;
}
