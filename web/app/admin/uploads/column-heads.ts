import type { OrderBy } from "./arrangement.ts";

/** A column as its head names it. */
export interface ColumnHead {
  readonly name: string;
  readonly by: OrderBy;
  readonly isNumeric: boolean;
}

/** Columns behind that of the boxes, in order. */
export const COLUMN_HEADS: readonly ColumnHead[] = [
  { name: "Key", by: "key", isNumeric: false },
  { name: "State", by: "liveness", isNumeric: false },
  { name: "Started", by: "started", isNumeric: false },
  { name: "Held", by: "held", isNumeric: true },
  { name: "Last part", by: "last-part", isNumeric: false },
  { name: "Cost a month", by: "cost", isNumeric: true },
];
