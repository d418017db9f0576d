import { formatBytes, formatCount } from "../../format/byte-size.ts";
import { exactTime, LIFE_NAMES, uploadsText } from "./row-text.ts";
import type { UploadSums } from "./upload-sums.ts";
import { LIVENESS, livenessOf, type UploadTable } from "./upload-table.ts";

/** Keys that are named. */
const NAMED = 5;

/** What is about to be aborted, before anybody said yes. */
export interface AbortPlan {
  /** All that are meant, those that are alive included. */
  readonly rows: readonly number[];
  /** Those of them that are being sent: they are left unless somebody says yes a second time. */
  readonly live: readonly number[];
  /** The others. */
  readonly others: readonly number[];
}

/** Looks at what is meant. */
export function planAbort(table: UploadTable, meant: Iterable<number>): AbortPlan {
  const rows = [...meant].filter((row) => !table.ends.has(row));
  const isLive = (row: number) => livenessOf(table, row) === "uploading";
  return {
    rows,
    live: rows.filter(isLive),
    others: rows.filter((row) => !isLive(row)),
  };
}

/** What the parts that go hold: `12.4 GB`, or what is known of it. */
export function heldText({ count, measured, heldBytes }: UploadSums): string {
  if (measured === count) return formatBytes(heldBytes);
  const rest = uploadsText(count - measured);
  return measured === 0
    ? "not measured yet"
    : `at least ${formatBytes(heldBytes)}; ${rest} not measured yet`;
}

/** How many of them live how: `2 paused, 309 abandoned`. */
export function livesText({ by }: UploadSums): string {
  return LIVENESS.filter((liveness) => by[liveness].count > 0)
    .map((liveness) => `${formatCount(by[liveness].count)} ${LIFE_NAMES[liveness].toLowerCase()}`)
    .join(", ");
}

/** From when to when they were begun. */
export function spanText({ count, oldestMs, newestMs }: UploadSums): string {
  if (count === 0) return "";
  if (count === 1) return exactTime(oldestMs);
  return `${exactTime(oldestMs)} to ${exactTime(newestMs)}`;
}

/** A few of their keys, and how many more there are. */
export function namesOf(table: UploadTable, rows: readonly number[], named = NAMED) {
  return {
    keys: rows.slice(0, named).map((row) => table.keys[row] ?? ""),
    more: Math.max(0, rows.length - named),
  };
}
