import type { Cursor } from "./cursor.ts";
import type { Expression } from "./syntax.ts";

/** What parses one expression: handed on, because calls and lists are parts of expressions themselves. */
export type ParseExpression = (cursor: Cursor) => Expression;

/** Expressions between commas, at least one. */
export function parseItems(cursor: Cursor, parse: ParseExpression): Expression[] {
  const items = [parse(cursor)];
  while (cursor.takeSymbol(",")) items.push(parse(cursor));
  return items;
}
