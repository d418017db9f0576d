import { SelectError, type Position } from "../../../shared/select/select-error.ts";

/** Whether a text matches a pattern. */
export type Matches = (text: string) => boolean;

/** A piece of a pattern between two `%`: characters, of which null stands for any one. */
type Piece = readonly (string | null)[];

/**
 * Makes a pattern ready: `%` is any text, `_` any character. A match takes time that grows with the text and the
 * pattern, whatever they are: each piece is looked for once, from left to right.
 * @param escape one character that takes the next one at its word; null where there is none
 * @throws SelectError `EvaluatorLikePatternInvalidEscapeSequence`
 */
export function compileLike(pattern: string, escape: string | null, position: Position): Matches {
  const pieces = piecesOf(pattern, escape, position);
  const [first = [], ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return (text) => isWhole(Array.from(text), first);
  const plain = plainContains(first, others, last);
  if (plain !== null) return plain;
  return (text) => matches(Array.from(text), first, others, last);
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

/** `%text%`, which is what most people ask, without taking the text apart. */
function plainContains(first: Piece, middle: readonly Piece[], last: Piece): Matches | null {
  const [only, ...others] = middle;
  if (first.length > 0 || last.length > 0 || others.length > 0) return null;
  if (only === undefined) return () => true;
  if (only.includes(null)) return null;
  const wanted = only.join("");
  return (text) => text.includes(wanted);
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
