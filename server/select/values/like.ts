import { SelectError, type Position } from "../../../shared/select/select-error.ts";

/** Whether a text matches a pattern. */
export type Matches = (text: string) => boolean;

/** A piece of a pattern between two `%`: characters, of which null stands for any one. */
type Piece = readonly (string | null)[];

/** With `_` in it, a piece is looked for at every place anew: so long may one be that nobody waits for it. */
const MOST_IN_PIECE = 512;

/** Searching for more characters than this by the language's own means may take quadratic time. */
const MOST_SIMPLE = 64;

/**
 * Makes a pattern ready: `%` is any text, `_` any character. Each piece between two `%` is looked for once, from left
 * to right, so that no text and no pattern take more than the time to read them.
 * @param escape one character that takes the next one at its word; null where there is none
 * @throws SelectError `EvaluatorLikePatternInvalidEscapeSequence`; `LikeInvalidInputs` for a piece with `_` of more
 * than 512 characters
 */
export function compileLike(pattern: string, escape: string | null, position: Position): Matches {
  const pieces = piecesOf(pattern, escape, position);
  const hasWildcard = pieces.some((piece) => piece.includes(null));
  if (!hasWildcard) return compileLiterals(pieces.map((piece) => piece.join("")));
  if (pieces.some((piece) => piece.length > MOST_IN_PIECE && piece.includes(null))) {
    const detail = `Between two % stand at most ${MOST_IN_PIECE} characters where one of them is _.`;
    throw new SelectError("LikeInvalidInputs", detail, position);
  }
  const [first = [], ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return (text) => isWhole(Array.from(text), first);
  return (text) => matches(Array.from(text), first, others, last);
}

/** A pattern of texts between `%`. */
function compileLiterals([first = "", ...others]: readonly string[]): Matches {
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const searches = others.map(searchFor);
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const search of searches) {
      from = search(text, from);
      if (from === -1 || from > end) return false;
    }
    return true;
  };
}

/** Answers where a text ends in another, from an offset on; -1 where it is not. */
type Search = (text: string, from: number) => number;

function searchFor(wanted: string): Search {
  if (wanted.length > MOST_SIMPLE) return linearSearchFor(wanted);
  return (text, from) => {
    const at = text.indexOf(wanted, from);
    return at === -1 ? -1 : at + wanted.length;
  };
}

/** @see https://doi.org/10.1137/0206024 (Knuth, Morris and Pratt) */
function linearSearchFor(wanted: string): Search {
  const borders = new Int32Array(wanted.length);
  for (let at = 1, border = 0; at < wanted.length; at += 1) {
    while (border > 0 && wanted[at] !== wanted[border]) border = borders[border - 1] ?? 0;
    if (wanted[at] === wanted[border]) border += 1;
    borders[at] = border;
  }
  return (text, from) => {
    let matched = 0;
    for (let at = from; at < text.length; at += 1) {
      while (matched > 0 && text[at] !== wanted[matched]) matched = borders[matched - 1] ?? 0;
      if (text[at] === wanted[matched]) matched += 1;
      if (matched === wanted.length) return at + 1;
    }
    return -1;
  };
}

function matches(
  text: readonly string[],
  first: Piece,
  middle: readonly Piece[],
  last: Piece,
): boolean {
  if (text.length < first.length + last.length || !isAt(text, 0, first)) return false;
  const end = text.length - last.length;
  if (!isAt(text, end, last)) return false;
  let from = first.length;
  for (const piece of middle) {
    const found = indexOf(text, piece, from, end);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return from <= end;
}

function isWhole(text: readonly string[], piece: Piece): boolean {
  return text.length === piece.length && isAt(text, 0, piece);
}

function isAt(text: readonly string[], offset: number, piece: Piece): boolean {
  return piece.every(
    (character, index) => character === null || character === text[offset + index],
  );
}

function indexOf(text: readonly string[], piece: Piece, from: number, end: number): number {
  for (let offset = from; offset + piece.length <= end; offset += 1) {
    if (isAt(text, offset, piece)) return offset;
  }
  return -1;
}

function piecesOf(pattern: string, escape: string | null, position: Position): Piece[] {
  const marker = escape === null ? null : onlyCharacterOf(escape, position);
  const pieces: (string | null)[][] = [[]];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? "";
    const piece = pieces.at(-1);
    if (character === marker) {
      index += 1;
      const meant = characters[index];
      if (meant === undefined || !["%", "_", marker].includes(meant)) {
        const detail = `The escape character "${marker}" stands before "%", "_" or itself only.`;
        throw new SelectError("EvaluatorLikePatternInvalidEscapeSequence", detail, position);
      }
      piece?.push(meant);
    } else if (character === "%") {
      // Several in a row are one.
      if (pieces.length === 1 || (piece?.length ?? 0) > 0) pieces.push([]);
    } else piece?.push(character === "_" ? null : character);
  }
  return pieces;
}

function onlyCharacterOf(escape: string, position: Position): string {
  const [character, ...others] = Array.from(escape);
  if (character !== undefined && others.length === 0) return character;
  const detail = "ESCAPE takes one character.";
  throw new SelectError("EvaluatorLikePatternInvalidEscapeSequence", detail, position);
}
