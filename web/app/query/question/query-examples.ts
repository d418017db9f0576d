import { pathOf, type Column, type QueryTarget } from "./query-target.ts";

/** A query that fits an object, and what it shows. */
export interface QueryExample {
  readonly title: string;
  readonly sql: string;
}

/** How an object writes its numbers: in CSV everything is text, and a CAST makes a number of it. */
export interface ExampleSetting {
  readonly isText: boolean;
  /** The first record, in the order of the columns: examples ask for what is there. */
  readonly firstRow: readonly (string | null)[];
}

/** Queries that fit what an object holds, from the first look to arithmetic; those that it has no columns for are left out. */
export function examplesFor(target: QueryTarget, setting: ExampleSetting): readonly QueryExample[] {
  const { from, columns } = target;
  const number = columns.find(({ type }) => type === "decimal") ?? columns.find(isNumber);
  const text = columns.findIndex(({ type }) => type === "string");
  const asNumber = (column: Column) => numberOf(column, setting.isText);
  const examples: (QueryExample | null)[] = [
    { title: "First rows", sql: `SELECT * FROM ${from} LIMIT 100` },
    columns.length > 1 ? { title: "Some columns", sql: someColumns(target) } : null,
    number ? filterExample(target, number, setting.isText) : null,
    { title: "Count", sql: `SELECT COUNT(*) AS row_count FROM ${from}` },
    number ? averageExample(target, asNumber(number)) : null,
    text >= 0 ? likeExample(target, text, setting.firstRow) : null,
    number ? arithmeticExample(target, number, asNumber(number)) : null,
  ];
  return examples.filter((example) => example !== null);
}

/** The query that an object is first asked. */
export function firstQuery(target: QueryTarget): string {
  return `SELECT * FROM ${target.from} LIMIT 100`;
}

function isNumber({ type }: Column): boolean {
  return type === "integer" || type === "decimal";
}

function numberOf({ name, type }: Column, isText: boolean): string {
  if (!isText) return pathOf(name);
  return `CAST(${pathOf(name)} AS ${type === "integer" ? "INT" : "DECIMAL"})`;
}

function someColumns({ from, columns }: QueryTarget): string {
  const named = columns.slice(0, 3).map(({ name }) => pathOf(name));
  return `SELECT ${named.join(", ")} FROM ${from} LIMIT 100`;
}

function filterExample({ from }: QueryTarget, column: Column, isText: boolean): QueryExample {
  // An empty text is no number, and a CAST of it fails.
  const guard = isText ? `${pathOf(column.name)} <> '' AND ` : "";
  const sql = `SELECT * FROM ${from} WHERE ${guard}${numberOf(column, isText)} > 100 LIMIT 1000`;
  return { title: "Filter", sql };
}

function averageExample({ from }: QueryTarget, number: string): QueryExample {
  const sql = `SELECT COUNT(*) AS row_count, AVG(${number}) AS average, MAX(${number}) AS most FROM ${from}`;
  return { title: "Average", sql };
}

/** Looks for the first letters of what the first record has. */
function likeExample(
  { from, columns }: QueryTarget,
  index: number,
  firstRow: readonly (string | null)[],
): QueryExample | null {
  const column = columns[index];
  if (column === undefined) return null;
  const [start = "a"] = /^[\p{L}\p{N}]{1,2}/u.exec(firstRow[index] ?? "") ?? [];
  const path = pathOf(column.name);
  return { title: "LIKE", sql: `SELECT * FROM ${from} WHERE ${path} LIKE '${start}%' LIMIT 1000` };
}

function arithmeticExample(target: QueryTarget, { name }: Column, number: string): QueryExample {
  const sql = `SELECT ${pathOf(name)}, ${number} * 1.19 AS with_tax FROM ${target.from} LIMIT 100`;
  return { title: "Arithmetic", sql };
}
