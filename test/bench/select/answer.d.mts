import type { Summary } from "./run.ts";

/** What an answer comes down to: its rows whatever their order, and the values of one row alone. */
export function summaryOf(rows: readonly (readonly unknown[])[]): Summary;

/** Values of the rows that are written as lines of JSON. */
export function rowsOfLines(text: string): unknown[][];
