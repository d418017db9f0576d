/**
 * A field of a record, by offsets in its bytes: the name without its quotes, the value with all that is its own.
 * Ends are exclusive.
 */
export type OnField = (
  nameStart: number,
  nameEnd: number,
  valueStart: number,
  valueEnd: number,
) => void;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Walks the fields of a record, a JSON object in a line, without making a value of any: what is a number keeps
 * every digit, and a name that comes twice is two fields. What is no object has no fields.
 * @param start of the record, inclusive
 * @param end of the record, exclusive
 */
export function walkFields(bytes: Uint8Array, start: number, end: number, onField: OnField): void {
  let at = skip(bytes, start, end, 0x7b);
  while (at < end && bytes[at] === QUOTE) {
    const nameStart = at + 1;
    const nameEnd = endOfText(bytes, nameStart, end);
    const valueStart = skip(bytes, nameEnd + 1, end, COLON);
    const valueEnd = endOfValue(bytes, valueStart, end);
    if (valueEnd > valueStart) onField(nameStart, nameEnd, valueStart, valueEnd);
    at = skip(bytes, valueEnd, end, COMMA);
  }
}

/** Behind one character and the spaces around it. */
function skip(bytes: Uint8Array, from: number, end: number, character: number): number {
  let at = from;
  while (at < end && (bytes[at] ?? 0) <= SPACE) at += 1;
  if (bytes[at] === character) at += 1;
  while (at < end && (bytes[at] ?? 0) <= SPACE) at += 1;
  return at;
}

/** Where the quote is that ends a text; `end` where there is none. */
function endOfText(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at;
  }
  return end;
}

/** Behind the last byte of a value, spaces left out. */
function endOfValue(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] === QUOTE) return Math.min(end, endOfText(bytes, from + 1, end) + 1);
  let depth = 0;
  let at = from;
  for (; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at + 1, end);
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === COMMA && depth === 0) break;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) break;
      depth -= 1;
    }
  }
  at = Math.min(at, end);
  while (at > from && (bytes[at - 1] ?? 0) <= SPACE) at -= 1;
  return at;
}
