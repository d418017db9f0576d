import type { Column } from "./bind-record.ts";
import { MAX_BATCH_ROWS, type Filter } from "./filter.ts";
import type { GroupReader } from "./group-reader.ts";
import type { Leaf } from "./leaf.ts";
import type { PageBounds, PagePlace } from "./page-index.ts";
import type { ScanPlan } from "./plan-scan.ts";
import { hasRowWithin, placeOf, rowAt, type RowSet } from "./row-set.ts";

/** Rows that are made records at a time: others have their turn between. */
const TURN_ROWS = 256;

/** The same for conditions that take their time. */
const SLOW_BATCH_ROWS = 2 * 1024;

/** Rows of a row group, the end exclusive. */
interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes the rows of one row group that meet the conditions, and yields wherever others may have their turn: whether
 * more rows are wanted.
 * @throws SelectError for what is wrong with the object
 */
export async function* scanGroup(
  scan: ScanPlan,
  reader: GroupReader,
): AsyncGenerator<boolean, void, undefined> {
  const { filters, projected, bulk, answer } = scan;
  const { rowCount } = reader.group;
  if (filters.length === 0 && projected.length === 0 && bulk) {
    const set = { count: rowCount, first: 0, rows: null };
    return answer.merge(bulk.states({ set, from: 0, to: rowCount }));
  }
  const ranges = await rangesOf(scan, reader);
  if (ranges.length === 0) return;
  const opened = new OpenColumns(scan, reader, ranges);
  await opened.openFilters();
  for (const { start, end } of ranges) {
    for (let first = start; first < end;) {
      const batchRows = await batchRowsAt(first, filters);
      const last = await opened.loadShared(first, Math.min(end, first + batchRows));
      let set: RowSet = { count: last - first, first, rows: null };
      first = last;
      for (const [index, filter] of filters.entries()) {
        if (set.count === 0) break;
        const isCounted = bulk?.columns.length === 0 && index === filters.length - 1;
        set = isCounted
          ? { count: await filter.count(set), first: 0, rows: null }
          : await filter.keep(set);
      }
      yield true;
      if (set.count === 0) continue;
      await opened.openProjected(set);
      yield* takeRows(scan, set);
    }
  }
}

/** As many rows are looked at as take no long time, as far as the first condition tells. */
async function batchRowsAt(row: number, filters: readonly Filter[]): Promise<number> {
  const [first, ...others] = filters;
  if (first === undefined || filters.every(({ isQuick }) => isQuick)) return MAX_BATCH_ROWS;
  if (!others.every(({ isQuick }) => isQuick)) return SLOW_BATCH_ROWS;
  for (const column of first.columns) await column.load(row);
  return first.isQuickAtHand() ? MAX_BATCH_ROWS : SLOW_BATCH_ROWS;
}

async function* takeRows(
  { projected, bulk, answer }: ScanPlan,
  set: RowSet,
): AsyncGenerator<boolean, void, undefined> {
  for (let from = 0; from < set.count;) {
    const row = rowAt(set, from);
    for (const column of projected) await column.load(row);
    const end = Math.min(...projected.map((column) => column.endRow));
    const whole = projected.length === 0 ? set.count : placeOf(set, end);
    const to = bulk ? whole : Math.min(whole, from + TURN_ROWS);
    if (bulk) answer.merge(bulk.states({ set, from, to }));
    else {
      for (let index = from; index < to; index += 1) {
        if (!answer.take(rowAt(set, index))) return yield false;
      }
    }
    from = to;
    yield true;
  }
}

/** The columns of a query in one row group, which are opened when they are needed. */
class OpenColumns {
  readonly #scan: ScanPlan;
  readonly #reader: GroupReader;
  readonly #ranges: readonly RowRange[];
  readonly #opened = new Set<Column>();
  /** Those that are gone through more than once, for which one page must do at a time. */
  readonly #shared: readonly Column[];
  #wanted: RowSet | null = null;

  constructor(scan: ScanPlan, reader: GroupReader, ranges: readonly RowRange[]) {
    this.#scan = scan;
    this.#reader = reader;
    this.#ranges = ranges;
    this.#shared = sharedOf(scan);
  }

  /** Has the shared columns at hand from a row on, and says up to which one, at most the given one. */
  async loadShared(row: number, end: number): Promise<number> {
    for (const column of this.#shared) await column.load(row);
    return Math.min(end, ...this.#shared.map((column) => column.endRow));
  }

  async openFilters(): Promise<void> {
    const columns = this.#scan.filters.flatMap((filter) => filter.columns);
    const isWithin = ({ firstRow, endRow }: PagePlace): boolean =>
      this.#ranges.some(({ start, end }) => firstRow < end && endRow > start);
    await this.#open(columns, isWithin);
  }

  /** @param wanted the rows that are asked for next */
  async openProjected(wanted: RowSet): Promise<void> {
    this.#wanted = wanted;
    const isWanted = ({ firstRow, endRow }: PagePlace): boolean =>
      this.#wanted !== null && hasRowWithin(this.#wanted, firstRow, endRow);
    const { filters, projected } = this.#scan;
    const unopened = projected.filter((column) => !this.#opened.has(column));
    if (unopened.length === 0) return;
    // Where all rows are wanted, so are all pages.
    if (filters.length > 0) await this.#reader.fetchPlaces(leavesOf(unopened));
    await this.#open(unopened, isWanted);
  }

  async #open(columns: readonly Column[], isNeeded: (place: PagePlace) => boolean): Promise<void> {
    await this.#reader.fetch(leavesOf(columns));
    for (const column of new Set(columns)) {
      column.open((leaf, scratch) => this.#reader.open(leaf, scratch, isNeeded));
      this.#opened.add(column);
    }
  }
}

function sharedOf({ filters, projected }: ScanPlan): readonly Column[] {
  const users = [...filters.map(({ columns }) => columns), projected];
  const filtered = new Set(filters.flatMap(({ columns }) => columns));
  return [...filtered].filter(
    (column) => users.filter((columns) => columns.includes(column)).length > 1,
  );
}

function leavesOf(columns: readonly Column[]): ReadonlySet<Leaf> {
  return new Set(columns.flatMap((column) => column.leaves));
}

/** The rows for which the conditions may hold, by the bounds of the row group and of its pages. */
async function rangesOf(
  { prunable, filters }: ScanPlan,
  reader: GroupReader,
): Promise<readonly RowRange[]> {
  const { rowCount } = reader.group;
  const all = rowCount === 0 ? [] : [{ start: 0, end: rowCount }];
  if (prunable === null) return all;
  const known = (leaf: Leaf) => ({ bounds: reader.columnChunk(leaf).bounds, rowCount });
  if (!prunable.mayHold(known)) return [];
  const bounds = await reader.fetchBounds(prunable.leaves);
  if (bounds.size === 0) return all;
  await reader.fetchPlaces(
    filters.flatMap((filter) => filter.columns.flatMap(({ leaves }) => leaves)),
  );
  return pagesThatMayHold(prunable, bounds, reader, rowCount);
}

/** Pages of different columns end at different rows: what is asked about lies between two ends of any. */
function pagesThatMayHold(
  prunable: NonNullable<ScanPlan["prunable"]>,
  bounds: ReadonlyMap<Leaf, readonly PageBounds[]>,
  reader: GroupReader,
  rowCount: number,
): readonly RowRange[] {
  const walks = [...bounds].flatMap(([leaf, pages]) => {
    const places = reader.placesOf(leaf);
    return places?.length === pages.length ? { leaf, pages, places, index: 0 } : [];
  });
  const ranges: { start: number; end: number }[] = [];
  for (let start = 0; start < rowCount;) {
    let end = rowCount;
    for (const walk of walks) {
      while ((walk.places[walk.index]?.endRow ?? rowCount) <= start) walk.index += 1;
      end = Math.min(end, walk.places[walk.index]?.endRow ?? rowCount);
    }
    const mayHold = prunable.mayHold((leaf) => {
      const walk = walks.find((each) => each.leaf === leaf);
      const page = walk?.pages[walk.index];
      const place = walk?.places[walk.index];
      if (!page || !place) return null;
      const count = place.endRow - place.firstRow;
      return { bounds: page.isNull ? { ...page, nullCount: count } : page, rowCount: count };
    });
    const last = ranges.at(-1);
    if (mayHold && last?.end === start) last.end = end;
    else if (mayHold) ranges.push({ start, end });
    start = end;
  }
  return ranges;
}
