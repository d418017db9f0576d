import { expect, test } from "vitest";
import {
  joinPieces,
  piecesOf,
  walkPieces,
} from "../../../../server/select/input/bzip2/walk-pieces.ts";

const LENGTH = 100_000;

/** Links that lead through the given places in their order and back to the first, each past a byte. */
function linksThrough(order: readonly number[]): Int32Array {
  const links = new Int32Array(LENGTH);
  for (const [index, place] of order.entries()) {
    const next = order[(index + 1) % order.length] ?? 0;
    links[place] = (next << 8) | (next % 251);
  }
  return links;
}

function walked(links: Int32Array, origin: number): Uint8Array | null {
  const bytes = new Uint8Array(LENGTH);
  const room = new Uint8Array(2 * LENGTH);
  const pieces = piecesOf(LENGTH, origin);
  walkPieces(links, pieces, room);
  return joinPieces(pieces, room, bytes) ? bytes : null;
}

const all = Array.from({ length: LENGTH }, (_, index) => index);
/** The places in an order without any. */
const mixed = all.toSorted((a, b) => ((a * 7919) % LENGTH) - ((b * 7919) % LENGTH) || a - b);

test.each([0, 1, 12_345, LENGTH - 1])("pieces make up the way from place %d on", (at) => {
  const origin = mixed[at] ?? 0;
  const order = [...mixed.slice(at), ...mixed.slice(0, at)];
  const expected = Uint8Array.from([...order.slice(1), origin], (place) => place % 251);
  expect(walked(linksThrough(mixed), origin)).toEqual(expected);
});

test("a way that does not lead everywhere is none", () => {
  const half = mixed.slice(0, LENGTH / 2);
  const links = linksThrough(half);
  const others = linksThrough(mixed.slice(LENGTH / 2));
  for (const place of mixed.slice(LENGTH / 2)) links[place] = others[place] ?? 0;
  expect(walked(links, half[0] ?? 0)).toBeNull();
});

test("a piece that is longer than there is room for is left to others", () => {
  // In this order all pieces but one are one step long.
  const starts = all.filter((place) => place % Math.ceil(LENGTH / 128) === 0);
  const order = [...starts, ...all.filter((place) => place % Math.ceil(LENGTH / 128) !== 0)];
  expect(walked(linksThrough(order), order[0] ?? 0)).toBeNull();
});
