import {
  ABSENT, FIELDS, FIELD_BYTES, FIELD_COUNT, GUESSES, GUESS_BYTES, GUESS_COUNT, GUESS_FIELD, GUESS_KEPT, GUESS_LENGTH,
  MAX_RECORD_BYTES, NAMES, NEXT, NULL, NUMBER, OTHER, ROWS, ROWS_END, ROW_HEAD_BYTES, STRING,
} from "./layout";
import { maskOf } from "./masks";
import { settle } from "./rows";

const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;
const SPACE: u32 = 32;
const QUOTE: u32 = 34;
const COMMA: u32 = 44;
const COLON: u32 = 58;
const BACKSLASH: u32 = 92;
const OPEN_LIST: u32 = 91;
const OPEN_STRUCTURE: u32 = 123;
const CLOSE_STRUCTURE: u32 = 125;
/** `null`, as it lies in memory. */
const NULL_WORD: u32 = 0x6c6c756e;

/** Nothing that can be read: the evaluator says what is wrong. */
const NOWHERE: usize = 0;

/**
 * Reads lines of JSON, each of which ends with a line feed, as far as the query needs them, and settles them.
 * Up to 63 bytes behind `end` are read, and mean nothing.
 * @param at where the plan lies
 * @returns how many records are handed out; where they fill their room, `NEXT` lies before `end`
 */
export function scanJson(at: usize, start: usize, end: usize): u32 {
  const fieldCount = <usize>load<u32>(at + FIELD_COUNT);
  const rowBytes = ROW_HEAD_BYTES + fieldCount * FIELD_BYTES;
  const rowsEnd = at + <usize>load<u32>(at + ROWS_END);
  const lineFeeds = i8x16.splat(<i8>LINE_FEED);
  let out = at + ROWS;
  let line = start;
  while (line < end && out + rowBytes <= rowsEnd) {
    const first = skipSpace(line);
    if (load<u8>(first) == LINE_FEED) {
      line = first + 1;
      continue;
    }
    // Where the next line begins does not wait for what is in this one.
    let last = first;
    let bits = maskOf(last, lineFeeds);
    while (bits == 0) {
      last += 64;
      bits = maskOf(last, lineFeeds);
    }
    last += <usize>ctz(bits);
    let stop = walkLine(at, first, fieldCount);
    if (stop == NOWHERE) stop = readLine(at, first, fieldCount);
    const isRead = stop != NOWHERE && last - line <= MAX_RECORD_BYTES;
    out = settle(at, out, line, last + 1, isRead, fieldCount);
    line = last + 1;
  }
  store<u32>(at + NEXT, <u32>line);
  return <u32>((out - at - ROWS) / rowBytes);
}

/**
 * Finds the fields of a line as most programs write it: no space between what it is made of, no escapes, nothing nested
 * before what is needed, and the same keys as in the line before.
 * @returns nowhere for a line that is written in another way
 */
// @ts-ignore: decorator
@inline
function walkLine(plan: usize, line: usize, fieldCount: usize): usize {
  const fields = plan + FIELDS;
  for (let index: usize = 0; index < fieldCount; index += 1) store<u32>(fields + index * FIELD_BYTES, ABSENT, 8);
  if (load<u8>(line) != OPEN_STRUCTURE) return NOWHERE;
  let missing = fieldCount;
  if (missing == 0) return line + 1;
  if (load<u8>(line + 1) != QUOTE) return NOWHERE;
  const guessesEnd = plan + GUESSES + GUESS_COUNT * GUESS_BYTES;
  let guess = plan + GUESSES;
  let name = line + 2;
  while (guess < guessesEnd) {
    if (!isGuessed(name, guess) && !learn(plan, name, guess, fieldCount)) return NOWHERE;
    const value = name + <usize>load<u32>(guess, GUESS_LENGTH);
    const field = <usize>load<u32>(guess, GUESS_FIELD);
    const first = load<u8>(value);
    let from = value;
    let to: usize;
    let end: usize;
    let kind = STRING;
    if (first == QUOTE) {
      from += 1;
      to = plainEnd(from);
      if (load<u8>(to) != QUOTE) return NOWHERE;
      end = to + 1;
    } else {
      end = wordEnd(value);
      to = end;
      kind = first == 45 || (<u32>first - 48) < 10 ? NUMBER : load<u32>(value) == NULL_WORD && end - value == 4 ? NULL : OTHER;
      if (first == OPEN_STRUCTURE || first == OPEN_LIST || end == value) return NOWHERE;
    }
    if (field != NOBODY) {
      const target = fields + field * FIELD_BYTES;
      if (load<u32>(target, 8) == ABSENT) {
        store<u32>(target, <u32>from);
        store<u32>(target, <u32>to, 4);
        store<u32>(target, kind, 8);
        missing -= 1;
        // What is needed is known, if the value ends where it seems to; nobody reads the rest.
        if (missing == 0 && (load<u8>(end) == COMMA || load<u8>(end) == CLOSE_STRUCTURE)) return end;
      }
    }
    const next = load<u16>(end);
    // A comma, and the quote before the next name; or the end of both structure and line.
    if (next != 0x222c) return next == 0x0a7d ? end + 1 : NOWHERE;
    name = end + 2;
    guess += GUESS_BYTES;
  }
  return NOWHERE;
}

// @ts-ignore: decorator
@inline
function isGuessed(name: usize, guess: usize): bool {
  const kept = load<u32>(guess, GUESS_KEPT);
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(name), v128.load(guess)));
  if ((same & kept) != kept) return false;
  const length = <usize>load<u32>(guess, GUESS_LENGTH);
  return length <= 16 || isSame(guess + 16, name + 16, length - 16);
}

/** @returns false for a name that cannot be guessed, or not be told from another */
function learn(plan: usize, name: usize, guess: usize, fieldCount: usize): bool {
  const nameEnd = plainEnd(name);
  // Both bytes at once: the quote behind the name, and the colon.
  if (load<u16>(nameEnd) != 0x3a22) return false;
  const length = nameEnd + 2 - name;
  const field = fieldOf(plan, name, nameEnd - name, fieldCount);
  if (field == UNSURE || length > GUESS_LENGTH) return false;
  v128.store(guess, v128.load(name));
  v128.store(guess, v128.load(name, 16), 16);
  store<u32>(guess, <u32>length, GUESS_LENGTH);
  store<u32>(guess, <u32>field, GUESS_FIELD);
  store<u32>(guess, length < 16 ? (<u32>1 << <u32>length) - 1 : 0xffff, GUESS_KEPT);
  return true;
}

/** Finds the fields of a line, and answers where it is known; or nowhere. */
function readLine(plan: usize, line: usize, fieldCount: usize): usize {
  const fields = plan + FIELDS;
  for (let index: usize = 0; index < fieldCount; index += 1) store<u32>(fields + index * FIELD_BYTES, ABSENT, 8);
  if (load<u8>(line) != OPEN_STRUCTURE) return NOWHERE;
  let missing = fieldCount;
  let at = skipSpace(line + 1);
  if (load<u8>(at) == CLOSE_STRUCTURE) return endOfLine(at + 1);
  while (missing > 0) {
    if (load<u8>(at) != QUOTE) return NOWHERE;
    const name = at + 1;
    const nameEnd = plainEnd(name);
    if (load<u8>(nameEnd) != QUOTE) return NOWHERE;
    at = skipSpace(nameEnd + 1);
    if (load<u8>(at) != COLON) return NOWHERE;
    const value = skipSpace(at + 1);
    const field = fieldOf(plan, name, nameEnd - name, fieldCount);
    if (field == UNSURE) return NOWHERE;
    const target = field == NOBODY ? NOWHERE : fields + field * FIELD_BYTES;
    const isFirst = target != NOWHERE && load<u32>(target, 8) == ABSENT;
    at = readValue(value, isFirst ? target : NOWHERE);
    if (at == NOWHERE) return NOWHERE;
    if (isFirst) missing -= 1;
    at = skipSpace(at);
    const next = load<u8>(at);
    if (next == COMMA) at = skipSpace(at + 1);
    else return next == CLOSE_STRUCTURE ? endOfLine(at + 1) : NOWHERE;
  }
  // What is needed is known; nobody reads the rest.
  return at;
}

/** Behind the record nothing but space may stand. */
function endOfLine(at: usize): usize {
  const end = skipSpace(at);
  return load<u8>(end) == LINE_FEED ? end : NOWHERE;
}

const NOBODY: usize = 255;
const UNSURE: usize = 254;

/** The field with a name, letter by letter; unsure where only its case is another. */
// @ts-ignore: decorator
@inline
function fieldOf(plan: usize, name: usize, length: usize, fieldCount: usize): usize {
  let found = NOBODY;
  const bytes = v128.load(name);
  const kept = length < 16 ? (<u32>1 << <u32>length) - 1 : 0xffff;
  for (let index: usize = 0; index < fieldCount; index += 1) {
    const wanted = plan + NAMES + index * 8;
    if (<usize>load<u32>(wanted, 4) != length) continue;
    const text = <usize>load<u32>(wanted);
    const difference = v128.xor(bytes, v128.load(text));
    const same = <u32>i8x16.bitmask(i8x16.eq(difference, i8x16.splat(0))) & kept;
    if (same == kept) {
      if (length <= 16 || isSame(text + 16, name + 16, length - 16)) return index;
      found = UNSURE;
      continue;
    }
    const folded = v128.and(difference, i8x16.splat(<i8>0xdf));
    if ((<u32>i8x16.bitmask(i8x16.eq(folded, i8x16.splat(0))) & kept) == kept) found = UNSURE;
  }
  return found;
}

function isSame(one: usize, other: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at += 1) if (load<u8>(one + at) != load<u8>(other + at)) return false;
  return true;
}

/** Notes what a value is, where somebody wants it, and answers where it ends; or nowhere. */
// @ts-ignore: decorator
@inline
function readValue(start: usize, target: usize): usize {
  const first = load<u8>(start);
  let from = start;
  let to: usize;
  let end: usize;
  let kind: u32;
  if (first == QUOTE) {
    to = plainEnd(start + 1);
    const stop = load<u8>(to);
    if (stop == QUOTE) {
      from = start + 1;
      kind = STRING;
      end = to + 1;
    } else {
      if (stop == LINE_FEED) return NOWHERE;
      end = escapedEnd(to);
      if (end == NOWHERE) return NOWHERE;
      to = end;
      kind = OTHER;
    }
  } else if (first == OPEN_STRUCTURE || first == OPEN_LIST) {
    end = nestedEnd(start);
    if (end == NOWHERE) return NOWHERE;
    to = end;
    kind = OTHER;
  } else {
    end = wordEnd(start);
    to = end;
    kind = first == 45 || (<u32>first - 48) < 10 ? NUMBER : load<u32>(start) == NULL_WORD && end - start == 4 ? NULL : OTHER;
    if (end == start) return NOWHERE;
  }
  if (target != NOWHERE) {
    store<u32>(target, <u32>from);
    store<u32>(target, <u32>to, 4);
    store<u32>(target, kind, 8);
  }
  return end;
}

// @ts-ignore: decorator
@inline
function skipSpace(start: usize): usize {
  let at = start;
  while (true) {
    const byte = load<u8>(at);
    if (byte > SPACE || byte == LINE_FEED) return at;
    if (byte != SPACE && byte != 9 && byte != CARRIAGE_RETURN) return at;
    at += 1;
  }
}

/** Up to the first quote, backslash or line feed. */
// @ts-ignore: decorator
@inline
function plainEnd(start: usize): usize {
  let at = start;
  while (true) {
    // Most texts end in this many bytes, and so nobody has to foretell in which of the halves.
    const bits = marksOf(at) | (marksOf(at + 16) << 16);
    if (bits != 0) return at + <usize>ctz(bits);
    at += 32;
  }
}

/** Quotes, backslashes and line feeds. */
// @ts-ignore: decorator
@inline
function marksOf(at: usize): u32 {
  const bytes = v128.load(at);
  const others = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)), i8x16.eq(bytes, i8x16.splat(<i8>LINE_FEED)));
  return <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)), others));
}

/** Behind the quote that ends a text, which is read from a backslash on. */
function escapedEnd(start: usize): usize {
  let at = start;
  while (true) {
    at = plainEnd(at);
    const stop = load<u8>(at);
    if (stop == LINE_FEED) return NOWHERE;
    if (stop == QUOTE) return at + 1;
    if (load<u8>(at + 1) == LINE_FEED) return NOWHERE;
    at += 2;
  }
}

/** Up to a comma, a closing bracket, space, or the line's end. */
// @ts-ignore: decorator
@inline
function wordEnd(start: usize): usize {
  let at = start;
  while (true) {
    const bytes = v128.load(at);
    const found = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>COMMA)), i8x16.le_u(bytes, i8x16.splat(<i8>SPACE))),
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>CLOSE_STRUCTURE)), i8x16.eq(bytes, i8x16.splat(93))),
    );
    const bits = i8x16.bitmask(found);
    if (bits != 0) return at + <usize>ctz(bits);
    at += 16;
  }
}

/** Behind the bracket that closes what opens at `start`; whether brackets match is for the evaluator. */
function nestedEnd(start: usize): usize {
  let at = start;
  let depth = 0;
  while (true) {
    const byte = load<u8>(at);
    if (byte == LINE_FEED) return NOWHERE;
    if (byte == QUOTE) {
      at = escapedEnd(at + 1);
      if (at == NOWHERE) return NOWHERE;
      continue;
    }
    if (byte == OPEN_STRUCTURE || byte == OPEN_LIST) depth += 1;
    else if (byte == CLOSE_STRUCTURE || byte == 93) {
      depth -= 1;
      if (depth == 0) return at + 1;
    }
    at += 1;
  }
}
