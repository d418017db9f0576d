import { createHash } from "node:crypto";

/**
 * What an answer comes down to: its rows whatever their order, and the values of one row alone.
 * @param {readonly (readonly unknown[])[]} rows
 */
export function summaryOf(rows) {
  const hash = createHash("sha256");
  for (const line of rows.map((row) => JSON.stringify(row)).toSorted()) hash.update(`${line}\n`);
  return {
    rowCount: rows.length,
    hash: hash.digest("hex"),
    values: rows.length === 1 ? rows[0] : null,
  };
}

/** Values of the rows that are written as lines of JSON. */
export function rowsOfLines(text) {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => Object.values(JSON.parse(line)));
}
