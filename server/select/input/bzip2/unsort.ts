import { joinPieces, piecesOf, walkPieces } from "./walk-pieces.ts";

/** What a block is put back in order with. */
export interface UnsortMemory {
  /** For each place of the sorted block: the place of the byte that comes after × 256 + that byte. */
  readonly after: Int32Array;
  /** Twice as long as the block. */
  readonly walked: Uint8Array;
}

/** What is no longer lies in the processor's cache, and one walk is as fast as several, in bytes. */
const SMALL_BYTES = 64 * 1024;

/** Memory for blocks of up to so many bytes: six times as much. */
export function unsortMemory(mostBytes: number): UnsortMemory {
  return { after: new Int32Array(mostBytes), walked: new Uint8Array(2 * mostBytes) };
}

/**
 * Puts a sorted block back in order. Each step of the way waits for memory: a large block is walked from many places
 * at once, as far as these turn out to lie apart.
 * @param origin the place whose link leads to the first byte
 * @see https://en.wikipedia.org/wiki/Burrows%E2%80%93Wheeler_transform#Inverse_transformation
 */
export function unsort(bytes: Uint8Array, origin: number, { after, walked }: UnsortMemory): void {
  link(bytes, after);
  if (bytes.length > SMALL_BYTES) {
    const pieces = piecesOf(bytes.length, origin);
    walkPieces(after, pieces, walked.subarray(0, 2 * bytes.length));
    if (joinPieces(pieces, walked, bytes)) return;
  }
  walkAlone(bytes, origin, after);
}

function walkAlone(bytes: Uint8Array, origin: number, after: Int32Array): void {
  let place = origin;
  for (let at = 0; at < bytes.length; at += 1) {
    const entry = (after[place] ?? 0) & 0xfffffff;
    bytes[at] = entry;
    place = entry >>> 8;
  }
}

function link(bytes: Uint8Array, after: Int32Array): void {
  const places = firstPlaces(bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    after[place] = (at << 8) | byte;
  }
}

/** Where the first of each byte lies when all are sorted. */
function firstPlaces(bytes: Uint8Array): Int32Array {
  const counts = new Int32Array(256);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  let place = 0;
  return counts.map((count) => {
    place += count;
    return place - count;
  });
}
