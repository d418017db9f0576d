/** Walks at once: so many of the processor's loads wait together. */
const LANES = 8;

/** Many more than lanes, so that one long piece does not keep the others waiting. */
const PIECES = 16 * LANES;

/** Marks a link at a place where a piece begins; what is below it is the link. */
const BEGINS = 1 << 30;

/** Parts of the way around a block: from one place each to where another part begins. Column by column. */
export interface Pieces {
  /** Places between one beginning and the next; the first piece begins at the origin. */
  readonly stride: number;
  readonly starts: Int32Array;
  /** Where their bytes lie among those that were walked. */
  readonly froms: Int32Array;
  readonly tos: Int32Array;
  /** The place where the next piece begins; −1: it was not reached. */
  readonly nexts: Int32Array;
}

/** Pieces that begin at the origin and here and there; which comes after which is not known yet. */
export function piecesOf(length: number, origin: number): Pieces {
  const stride = Math.ceil(length / PIECES);
  const starts = [origin];
  for (let start = 0; start < length; start += stride) starts.push(start);
  return {
    stride,
    starts: Int32Array.from(starts),
    froms: new Int32Array(starts.length),
    tos: new Int32Array(starts.length),
    nexts: new Int32Array(starts.length).fill(-1),
  };
}

/** Walks all pieces, some at a time; each lane writes into a part of its own, and stops where that is full. */
export function walkPieces(after: Int32Array, pieces: Pieces, walked: Uint8Array): void {
  for (const start of pieces.starts) after[start] = (after[start] ?? 0) | BEGINS;
  const lanes = new Lanes(pieces, after, walked);
  const { places, bases } = lanes;
  for (let step = 1; step < lanes.room && lanes.count > 0; step += 1) {
    for (let lane = 0; lane < lanes.count; lane += 1) {
      const place = places[lane] ?? 0;
      const entry = after[place] ?? 0;
      if (entry < BEGINS) {
        walked[(bases[lane] ?? 0) + step] = entry;
        places[lane] = entry >>> 8;
      } else if (!lanes.goOn(lane, step)) lane -= 1;
    }
  }
}

/** Who walks which piece, and where. */
class Lanes {
  readonly #pieces: Pieces;
  readonly #after: Int32Array;
  readonly #walked: Uint8Array;
  readonly #walks = new Int32Array(LANES);
  #taken = 0;
  readonly places = new Int32Array(LANES);
  readonly bases = new Int32Array(LANES);
  /** Steps that a lane has room for. */
  readonly room: number;
  /** Lanes that walk. */
  count = LANES;

  constructor(pieces: Pieces, after: Int32Array, walked: Uint8Array) {
    this.#pieces = pieces;
    this.#after = after;
    this.#walked = walked;
    this.room = Math.floor(walked.length / LANES);
    for (let lane = 0; lane < LANES; lane += 1) {
      this.bases[lane] = lane * this.room;
      this.#begin(lane, 0);
    }
  }

  /** A piece ends; answers whether the lane has another. Its place is taken by the last lane where it has none. */
  goOn(lane: number, step: number): boolean {
    const piece = this.#walks[lane] ?? 0;
    this.#pieces.tos[piece] = (this.bases[lane] ?? 0) + step;
    this.#pieces.nexts[piece] = this.places[lane] ?? 0;
    if (this.#taken < this.#pieces.starts.length) {
      this.#begin(lane, step);
      return true;
    }
    this.count -= 1;
    for (const column of [this.places, this.bases, this.#walks]) {
      column[lane] = column[this.count] ?? 0;
    }
    return false;
  }

  /** Takes the next piece and walks its first step, which leads from a place that is marked. */
  #begin(lane: number, step: number): void {
    const piece = this.#taken;
    this.#taken += 1;
    const entry = (this.#after[this.#pieces.starts[piece] ?? 0] ?? 0) & (BEGINS - 1);
    const at = (this.bases[lane] ?? 0) + step;
    this.#walks[lane] = piece;
    this.#pieces.froms[piece] = at;
    this.#walked[at] = entry;
    this.places[lane] = entry >>> 8;
  }
}

/** Writes the pieces in their order; answers whether they are the whole block. */
export function joinPieces(
  { stride, starts, froms, tos, nexts }: Pieces,
  walked: Uint8Array,
  bytes: Uint8Array,
): boolean {
  const origin = starts[0] ?? 0;
  let length = 0;
  for (let piece = 0; ;) {
    const bytesOfPiece = walked.subarray(froms[piece], tos[piece]);
    const next = nexts[piece] ?? -1;
    if (next === -1 || length + bytesOfPiece.length > bytes.length) return false;
    bytes.set(bytesOfPiece, length);
    length += bytesOfPiece.length;
    if (next === origin) return length === bytes.length;
    piece = 1 + next / stride;
  }
}
