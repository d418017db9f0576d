/** For each place of a sorted block: a place × 256 + the byte that is met on the way there. */
export interface Links {
  /** The place of the byte that comes after. */
  readonly after: Int32Array;
  /** The place of the byte that comes before. */
  readonly before: Int32Array;
}

/**
 * Puts a sorted block back in order, from both ends at once: each step waits for memory, and two wait together.
 * @param origin the place of the last byte
 * @see https://en.wikipedia.org/wiki/Burrows%E2%80%93Wheeler_transform#Inverse_transformation
 */
export function unsort(bytes: Uint8Array, origin: number, links: Links): void {
  link(bytes, links);
  const { after, before } = links;
  let [ahead, behind] = [origin, origin];
  for (let first = 0, last = bytes.length - 1; first <= last; first += 1, last -= 1) {
    const next = after[ahead] ?? 0;
    const previous = before[behind] ?? 0;
    ahead = next >>> 8;
    behind = previous >>> 8;
    bytes[first] = next;
    bytes[last] = previous;
  }
}

function link(bytes: Uint8Array, { after, before }: Links): void {
  const places = firstPlaces(bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    after[place] = (at << 8) | byte;
    before[at] = (place << 8) | byte;
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
