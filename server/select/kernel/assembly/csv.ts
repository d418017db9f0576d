import {
  ABSENT, COMMENT_BYTE, DELIMITERS, DELIMITER_COUNT, ESCAPED, FIELDS, FIELD_BYTE, FIELD_BYTES, FIELD_COUNT,
  MAX_RECORD_BYTES, NAMES, NEXT, QUOTE_BYTE, RECORD_BYTE, ROWS, ROWS_END, ROW_HEAD_BYTES, STRIPS_RETURN, TEXT,
} from "./layout";
import { from, maskOf, maskOfEither } from "./masks";
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
  const fields = i8x16.splat(<i8>fieldByte);
  const records = i8x16.splat(<i8>recordByte);
  const quotes = i8x16.splat(<i8>(quoteByte < 256 ? quoteByte : recordByte));
  const places = at + DELIMITERS;
  const placesEnd = places + <usize>load<u32>(at + DELIMITER_COUNT) * 4;
  const names = at + NAMES;

  let out = at + ROWS;
  let count: u32 = 0;
  let record = start;
  let base = start;
  let stops = maskOfEither(base, records, quotes);
  while (record < end && out + rowBytes <= at + ROWS_END) {
    // Delimiters as far as a field is needed, up to what ends the record or is a quote.
    let place = places;
    if (place < placesEnd) {
      let bits = maskOf(base, fields) & from(record - base);
      while (true) {
        if (stops != 0) bits &= (stops & -stops) - 1;
        while (bits != 0 && place < placesEnd) {
          store<u32>(place, <u32>(base + <usize>ctz(bits)));
          place += 4;
          bits &= bits - 1;
        }
        if (stops != 0 || place == placesEnd) break;
        base += 64;
        stops = maskOfEither(base, records, quotes);
        bits = maskOf(base, fields);
      }
    }
    while (stops == 0) {
      base += 64;
      stops = maskOfEither(base, records, quotes);
    }
    let stop = base + <usize>ctz(stops);
    if (load<u8>(record) == commentByte) {
      while (load<u8>(stop) != recordByte) stop += 1;
    } else if (load<u8>(stop) != recordByte) {
      stop = recordEnd(stop, recordByte);
      const isRead = stop - record <= MAX_RECORD_BYTES && readQuoted(at, record, stop, fieldByte, quoteByte, stripsReturn, fieldCount);
      out = settle(at, out, record, stop + 1, isRead, fieldCount);
    } else {
      let last = stop;
      if (stripsReturn && last > record && load<u8>(last - 1) == CARRIAGE_RETURN) last -= 1;
      if (last > record) {
        const found = <u32>((place - places) >> 2);
        let field = at + FIELDS;
        for (let index: usize = 0; index < fieldCount; index += 1) {
          const column = load<u32>(names + index * 4);
          if (column > found) {
            store<u32>(field, ABSENT, 8);
          } else {
            const before = places + (<usize>column << 2);
            store<u32>(field, column == 0 ? <u32>record : load<u32>(before - 4) + 1);
            store<u32>(field, column == found ? <u32>last : load<u32>(before), 4);
            store<u32>(field, TEXT, 8);
          }
          field += FIELD_BYTES;
        }
        out = settle(at, out, record, stop + 1, last - record <= MAX_RECORD_BYTES, fieldCount);
      }
    }
    record = stop + 1;
    if (record - base >= 64) {
      base = record;
      stops = maskOfEither(base, records, quotes);
    } else stops &= from(record - base);
  }
  store<u32>(at + NEXT, <u32>record);
  return <u32>((out - at - ROWS) / rowBytes);
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
