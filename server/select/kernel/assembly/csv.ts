import {
  ABSENT, COMMENT_BYTE, DELIMITERS, DELIMITER_COUNT, ESCAPED, FIELDS, FIELD_BYTE, FIELD_BYTES, FIELD_COUNT,
  MAX_RECORD_BYTES, NAMES, NEXT, QUOTE_BYTE, RECORD_BYTE, ROWS, ROWS_END, ROW_HEAD_BYTES, STRIPS_RETURN, TEXT,
} from "./layout";
import { maskOf, maskOfEither } from "./masks";
import { settle } from "./rows";

const CARRIAGE_RETURN: u32 = 13;

/**
 * Reads whole CSV records, each of which ends with the record's delimiter, and settles them.
 * Up to 63 bytes behind `end` are read, and mean nothing.
 * @param at where the plan lies
 * @returns how many records are handed out; where they fill their room, `NEXT` lies before `end`
 */
export function scanCsv(at: usize, start: usize, end: usize): u32 {
  const fieldByte = load<u32>(at + FIELD_BYTE);
  const recordByte = load<u32>(at + RECORD_BYTE);
  const quoteByte = load<u32>(at + QUOTE_BYTE);
  const commentByte = load<u32>(at + COMMENT_BYTE);
  const stripsReturn = load<u32>(at + STRIPS_RETURN) != 0;
  const fieldCount = <usize>load<u32>(at + FIELD_COUNT);
  const rowBytes = ROW_HEAD_BYTES + fieldCount * FIELD_BYTES;
  const rowsEnd = at + <usize>load<u32>(at + ROWS_END);
  const fields = i8x16.splat(<i8>fieldByte);
  const records = i8x16.splat(<i8>recordByte);
  const quotes = i8x16.splat(<i8>(quoteByte < 256 ? quoteByte : recordByte));
  const fieldsEnd = at + FIELDS + fieldCount * FIELD_BYTES;
  const places = at + DELIMITERS;
  const placesEnd = places + <usize>load<u32>(at + DELIMITER_COUNT) * 4;

  let out = at + ROWS;
  let record = start;
  while (record < end && out + rowBytes <= rowsEnd) {
    // Most records have what is needed of them in their first 64 bytes: nothing here depends on where it is.
    let stops = maskOfEither(record, records, quotes);
    const before = stops == 0 ? <u64>-1 : (stops & -stops) - 1;
    let place = storePlaces(maskOf(record, fields) & before, record, places, placesEnd);
    let base = record;
    while (stops == 0) {
      base += 64;
      stops = maskOfEither(base, records, quotes);
      if (place < placesEnd) {
        const bits = maskOf(base, fields) & (stops == 0 ? <u64>-1 : (stops & -stops) - 1);
        place = storePlaces(bits, base, place, placesEnd);
      }
    }
    let stop = base + <usize>ctz(stops);
    if (load<u8>(record) == commentByte) {
      while (load<u8>(stop) != recordByte) stop += 1;
      record = stop + 1;
      continue;
    }
    const isQuoted = load<u8>(stop) != recordByte;
    if (isQuoted) {
      const well = quotedEnd(record, fields, records, quotes, places, placesEnd, stripsReturn);
      if (well == 0) {
        stop = recordEnd(stop, recordByte);
        const isRead = stop - record <= MAX_RECORD_BYTES && readQuoted(at, record, stop, fieldByte, quoteByte, stripsReturn, fieldCount);
        out = settle(at, out, record, stop + 1, isRead, fieldCount);
        record = stop + 1;
        continue;
      }
      stop = well;
      place = placeBehind;
    }
    let last = stop;
    if (stripsReturn && last > record && load<u8>(last - 1) == CARRIAGE_RETURN) last -= 1;
    if (last > record) {
      const found = <u32>((place - places) >> 2);
      let field = at + FIELDS;
      for (let name = at + NAMES; field < fieldsEnd; name += 4) {
        const column = load<u32>(name);
        const bound = places + (<usize>column << 2);
        store<u32>(field, column == 0 ? <u32>record : load<u32>(bound - 4) + 1);
        store<u32>(field, column == found ? <u32>last : load<u32>(bound), 4);
        store<u32>(field, column > found ? ABSENT : TEXT, 8);
        if (isQuoted && column <= found) unquote(field, quoteByte);
        field += FIELD_BYTES;
      }
      out = settle(at, out, record, stop + 1, last - record <= MAX_RECORD_BYTES, fieldCount);
    }
    record = stop + 1;
  }
  store<u32>(at + NEXT, <u32>record);
  return <u32>((out - at - ROWS) / rowBytes);
}

/** Takes the quotes off a field that has them, and says whether there are more within. */
function unquote(field: usize, quoteByte: u32): void {
  const start = <usize>load<u32>(field);
  const end = <usize>load<u32>(field, 4);
  if (start == end || load<u8>(start) != quoteByte) return;
  store<u32>(field, <u32>start + 1);
  store<u32>(field, <u32>end - 1, 4);
  for (let at = start + 1; at < end - 1; at += 1) {
    if (load<u8>(at) == quoteByte) {
      store<u32>(field, ESCAPED, 8);
      return;
    }
  }
}

/** Behind the last place that `quotedEnd` has noted. */
let placeBehind: usize = 0;

/**
 * Where a record ends that has quotes in it, and where its delimiters are. Quotes open where a field begins, close
 * where it ends, and are doubled in between: where this is so, whether a byte is quoted is a question of how many
 * quotes stand before it.
 * @returns 0 where they stand anywhere else
 */
function quotedEnd(record: usize, fields: v128, records: v128, quotes: v128, places: usize, placesEnd: usize, stripsReturn: bool): usize {
  const returns = i8x16.splat(<i8>CARRIAGE_RETURN);
  let place = places;
  let base = record;
  let carried: u64 = 0;
  let mayOpen: u64 = 1;
  let hasClosed: u64 = 0;
  while (true) {
    const marks = maskOf(base, quotes);
    const inside = prefixParity(marks) ^ carried;
    const feeds = maskOf(base, records);
    const ends = feeds & ~inside;
    const end = ends & -ends;
    const before = end - 1;
    if ((feeds & before) != 0) return 0;
    const opening = marks & inside & before;
    const closing = marks & ~inside & before;
    const delimiters = maskOf(base, fields) & ~inside & before;
    if ((opening & ~(((delimiters | closing) << 1) | mayOpen)) != 0) return 0;
    const stripped = stripsReturn ? maskOf(base, returns) & (end >> 1) : 0;
    const mayFollow = delimiters | opening | end | stripped;
    if (((closing << 1 | hasClosed) & ~mayFollow) != 0) return 0;
    place = storePlaces(delimiters, base, place, placesEnd);
    if (end != 0) {
      placeBehind = place;
      return base + <usize>ctz(end);
    }
    mayOpen = (delimiters | closing) >> 63;
    hasClosed = closing >> 63;
    carried = <u64>(<i64>inside >> 63);
    base += 64;
  }
}

/** For each bit, whether the bits up to it are odd in number. */
// @ts-ignore: decorator
@inline
function prefixParity(bits: u64): u64 {
  let parity = bits ^ (bits << 1);
  parity ^= parity << 2;
  parity ^= parity << 4;
  parity ^= parity << 8;
  parity ^= parity << 16;
  return parity ^ (parity << 32);
}

/** Notes where the delimiters are that the bits of a window stand for, as many as are needed. */
// @ts-ignore: decorator
@inline
function storePlaces(bits: u64, base: usize, place: usize, placesEnd: usize): usize {
  let rest = bits;
  const end = min(placesEnd, place + (<usize>popcnt(bits) << 2));
  let next = place;
  while (next < end) {
    store<u32>(next, <u32>(base + <usize>ctz(rest)));
    rest &= rest - 1;
    next += 4;
  }
  return end;
}

function recordEnd(at: usize, recordByte: u32): usize {
  let end = at;
  while (load<u8>(end) != recordByte) end += 1;
  return end;
}

/**
 * Finds the fields of a record that has quotes in it.
 * @returns false where it is not written as it should be: what is wrong with it, the evaluator says
 */
function readQuoted(at: usize, start: usize, end: usize, fieldByte: u32, quoteByte: u32, stripsReturn: bool, fieldCount: usize): bool {
  for (let index: usize = 0; index < fieldCount; index += 1) store<u32>(at + FIELDS + index * FIELD_BYTES, ABSENT, 8);
  let column: u32 = 0;
  let first = start;
  while (true) {
    let kind = TEXT;
    let from = first;
    let to = first;
    let next = first;
    if (load<u8>(first) == quoteByte && first < end) {
      from += 1;
      to = from;
      while (true) {
        while (to < end && load<u8>(to) != quoteByte) to += 1;
        if (to == end) return false;
        if (load<u8>(to + 1) != quoteByte) break;
        kind = ESCAPED;
        to += 2;
      }
      next = to + 1;
      if (stripsReturn && next + 1 == end && load<u8>(next) == CARRIAGE_RETURN) next = end;
      if (next < end && load<u8>(next) != fieldByte) return false;
    } else {
      while (next < end && load<u8>(next) != fieldByte) next += 1;
      to = next;
      if (stripsReturn && to == end && to > from && load<u8>(to - 1) == CARRIAGE_RETURN) to -= 1;
    }
    for (let index: usize = 0; index < fieldCount; index += 1) {
      if (load<u32>(at + NAMES + index * 4) != column) continue;
      const field = at + FIELDS + index * FIELD_BYTES;
      store<u32>(field, <u32>from);
      store<u32>(field, <u32>to, 4);
      store<u32>(field, kind, 8);
    }
    if (next >= end) break;
    first = next + 1;
    column += 1;
  }
  return true;
}
