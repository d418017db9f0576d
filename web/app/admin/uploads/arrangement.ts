import { partsCostUsdPerMonth } from "../../../../shared/cost.ts";
import type { Liveness } from "../../../../shared/admin-api.ts";
import { orderRows } from "./radix-order.ts";
import { LIVENESS, type UploadTable } from "./upload-table.ts";

/** Which uploads are shown: those that meet all of it. */
export interface Criteria {
  /** In the key, the file's name or who sends it; case does not matter. */
  readonly search: string;
  readonly prefix: string;
  readonly liveness: Liveness | "all";
  /** Begun so many days ago or longer; `null`: whenever. */
  readonly olderThanDays: number | null;
  /** So many bytes held or more; `null`: however many. What was not measured is left out. */
  readonly leastBytes: number | null;
}

/** Everything is shown. */
export const NO_CRITERIA: Criteria = {
  search: "",
  prefix: "",
  liveness: "all",
  olderThanDays: null,
  leastBytes: null,
};

/** What uploads can be ordered by. */
export const ORDERS = [
  "key",
  "started",
  "held",
  "parts",
  "last-part",
  "percent",
  "liveness",
  "who",
  "initiator",
  "class",
  "cost",
  "ends",
] as const;
export type OrderBy = (typeof ORDERS)[number];

/** In which order they are shown. */
export interface Order {
  readonly by: OrderBy;
  readonly isDescending: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Rows that are still incomplete uploads and meet the criteria, in the order of their keys. */
export function matchingRows(table: UploadTable, criteria: Criteria, nowMs: number): Uint32Array {
  const { keys, initiatedAtMs, heldBytes, liveness, ends } = table;
  const { prefix, olderThanDays, leastBytes } = criteria;
  const wanted = criteria.liveness === "all" ? -1 : LIVENESS.indexOf(criteria.liveness);
  const latestMs = olderThanDays === null ? Infinity : nowMs - olderThanDays * DAY_MS;
  const isFound = searchIn(table, criteria.search);
  const rows = new Uint32Array(keys.length);
  let count = 0;
  for (let row = 0; row < keys.length; row += 1) {
    if (ends.size > 0 && ends.has(row)) continue;
    if (wanted !== -1 && liveness[row] !== wanted) continue;
    // Clocks may disagree by a moment: 0 days are everything.
    if (olderThanDays !== null && olderThanDays > 0 && !((initiatedAtMs[row] ?? 0) <= latestMs))
      continue;
    if (leastBytes !== null && !((heldBytes[row] ?? 0) >= leastBytes)) continue;
    if (prefix !== "" && !keys[row]?.startsWith(prefix)) continue;
    if (isFound(row)) rows[count++] = row;
  }
  return rows.slice(0, count);
}

/** Rows in another order; those of which it is not known come last, those that are alike stay in the order of their keys. */
export function arrange(
  table: UploadTable,
  rows: Uint32Array,
  { by, isDescending }: Order,
): Uint32Array {
  return orderRows(rows, valueFor(table, by), isDescending);
}

function searchIn(
  { keys, fileNames, owners }: UploadTable,
  search: string,
): (row: number) => boolean {
  if (search === "") return () => true;
  // Much faster than texts made small for every look.
  const pattern = new RegExp(search.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`), "i");
  const isIn = (text: string | undefined) => text !== undefined && pattern.test(text);
  return (row) => isIn(keys[row]) || isIn(fileNames[row]) || isIn(owners[row]);
}

function valueFor(table: UploadTable, by: OrderBy): (row: number) => number {
  const of = (column: readonly number[]) => (row: number) => column[row] ?? Number.NaN;
  switch (by) {
    case "key":
      return (row) => row;
    case "started":
      return of(table.initiatedAtMs);
    case "held":
      return of(table.heldBytes);
    case "parts":
      return of(table.partCounts);
    case "last-part":
      return of(table.lastPartAtMs);
    case "percent":
      return (row) => (table.heldBytes[row] ?? 0) / (table.fileSizeBytes[row] ?? Number.NaN);
    case "liveness":
      return of(table.liveness);
    case "who":
      return rankIn(table.owners);
    case "initiator":
      return rankIn(table.initiators);
    case "class":
      return rankIn(table.storageClasses);
    case "cost":
      return (row) => costOf(table, row);
    case "ends":
      return of(table.abortsAtMs);
  }
}

/** What the parts of a row cost a month, in US dollars; NaN where they were not measured. */
export function costOf({ heldBytes, storageClasses }: UploadTable, row: number): number {
  return partsCostUsdPerMonth(heldBytes[row] ?? Number.NaN, storageClasses[row] ?? "");
}

/** Few texts that many rows have are put in order once. */
function rankIn(texts: readonly (string | undefined)[]): (row: number) => number {
  const distinct = [...new Set(texts)].filter((text) => text !== undefined).toSorted();
  const ranks = new Map(distinct.map((text, rank) => [text, rank]));
  return (row) => ranks.get(texts[row] ?? "") ?? Number.NaN;
}
