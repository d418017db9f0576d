import { FIELDS, FIELD_BYTES, OPEN, ROW_HEAD_BYTES, SUM_COUNT, TALLIES, TALLY, UNREAD, UNWANTED, WANTED } from "./layout";
import { add, canAdd } from "./sums";
import { verdictOn } from "./tests";

/**
 * Does with a record what the query says: passes over it, counts it, or hands it out at `out`.
 * @returns where the next one is handed out
 */
// @ts-ignore: decorator
@inline
export function settle(at: usize, out: usize, start: usize, end: usize, isRead: bool, fieldCount: usize): usize {
  let verdict = UNREAD;
  if (isRead) {
    verdict = verdictOn(at);
    if (load<u32>(at + TALLIES) != 0 && load<u32>(at + SUM_COUNT) == 0 && verdict != OPEN) {
      // Which of the two it is nobody can foretell, and so nothing branches by it.
      store<u32>(at + TALLY, load<u32>(at + TALLY) + <u32>(verdict == WANTED));
      return out;
    }
    if (verdict == UNWANTED) return out;
    if (verdict == WANTED && load<u32>(at + TALLIES) != 0) {
      if (canAdd(at)) {
        add(at);
        store<u32>(at + TALLY, load<u32>(at + TALLY) + 1);
        return out;
      }
      verdict = OPEN;
    }
  }
  store<u32>(out, <u32>start);
  store<u32>(out, <u32>end, 4);
  store<u32>(out, verdict, 8);
  const bytes = fieldCount * FIELD_BYTES;
  if (isRead) memory.copy(out + ROW_HEAD_BYTES, at + FIELDS, bytes);
  return out + ROW_HEAD_BYTES + bytes;
}
