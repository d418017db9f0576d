import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import { Cursor } from "./cursor.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseSteps } from "./parse-path.ts";
import type { PathStep, Query, SelectItem } from "./syntax.ts";
import { tokensOf } from "./tokens.ts";

/**
 * Takes a query apart.
 * @throws SelectError with AWS's code and the place of what is wrong
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-select.html
 */
export function parseQuery(sql: string): Query {
  const cursor = new Cursor(tokensOf(sql));
  if (!cursor.takeWord("SELECT")) throw cursor.unexpected("ParseUnsupportedSelect", "SELECT");
  if (cursor.isWord("DISTINCT")) {
    throw new SelectError(
      "UnsupportedSyntax",
      "DISTINCT is not supported.",
      cursor.peek().position,
    );
  }
  const items = parseSelectList(cursor);
  if (!cursor.takeWord("FROM")) throw cursor.unexpected("ParseSelectMissingFrom", "FROM");
  const from = parseFrom(cursor);
  const alias = parseTableAlias(cursor);
  if (cursor.isSymbol(",")) {
    const detail = "A query reads one object; there is nothing to join it with.";
    throw new SelectError("MultipleDataSourcesUnsupported", detail, cursor.peek().position);
  }
  const where = cursor.takeWord("WHERE") ? parseExpression(cursor) : null;
  const limit = cursor.takeWord("LIMIT") ? parseLimit(cursor) : null;
  cursor.takeSymbol(";");
  if (cursor.peek().kind !== "end") throw unexpectedRest(cursor);
  return { items: isWhole(items, alias) ? null : items, from, alias, where, limit };
}

/** `alias.*` alone is the record as it is, as `*` is. */
function isWhole(items: readonly SelectItem[] | null, alias: string | null): boolean {
  const [only, ...others] = items ?? [];
  if (only?.expression.kind !== "path" || others.length > 0) return false;
  const [first, last, ...more] = only.expression.steps;
  if (first?.kind !== "key" || last?.kind !== "values" || more.length > 0) return false;
  return first.name.toLowerCase() === (alias ?? "s3object").toLowerCase();
}

function parseSelectList(cursor: Cursor): readonly SelectItem[] | null {
  if (cursor.isWord("FROM")) throw cursor.unexpected("ParseEmptySelect", "what to select");
  const { position } = cursor.peek();
  if (cursor.takeSymbol("*")) {
    if (!cursor.isSymbol(",")) return null;
    throw asteriskIsNotAlone(position);
  }
  const items = [parseItem(cursor)];
  while (cursor.takeSymbol(",")) {
    if (cursor.isSymbol("*")) throw asteriskIsNotAlone(cursor.peek().position);
    items.push(parseItem(cursor));
  }
  return items;
}

function asteriskIsNotAlone(position: Position): SelectError {
  const detail = "* stands alone: name the columns, or leave the others out.";
  return new SelectError("ParseAsteriskIsNotAloneInSelectList", detail, position);
}

function parseItem(cursor: Cursor): SelectItem {
  const expression = parseExpression(cursor);
  if (cursor.takeWord("AS")) return { expression, alias: takeAlias(cursor) };
  return { expression, alias: cursor.isName ? cursor.take().text : null };
}

function takeAlias(cursor: Cursor): string {
  if (!cursor.isName) throw cursor.unexpected("ParseExpectedIdentForAlias", "a name behind AS");
  return cursor.take().text;
}

/** `S3Object`, or `S3Object[*]` and steps into what a document holds. */
function parseFrom(cursor: Cursor): readonly PathStep[] {
  if (!cursor.isWord("S3OBJECT")) throw cursor.unexpected("InvalidDataSource", "S3Object");
  cursor.take();
  if (cursor.isSymbol(".")) {
    const detail = "A path begins behind S3Object[*]: write S3Object[*].path.";
    throw new SelectError("InvalidKeyPath", detail, cursor.peek().position);
  }
  const steps = parseSteps(cursor);
  const [first, ...others] = steps;
  if (first === undefined) return [];
  if (first.kind === "elements") return others;
  const detail = "Behind S3Object comes [*], which stands for each of the object's root values.";
  throw new SelectError("InvalidKeyPath", detail, cursor.peek().position);
}

function parseTableAlias(cursor: Cursor): string | null {
  const isAnnounced = cursor.takeWord("AS");
  if (cursor.isName) return cursor.take().text;
  if (isAnnounced) throw cursor.unexpected("InvalidTableAlias", "a name behind AS");
  return null;
}

function parseLimit(cursor: Cursor): number {
  const { position } = cursor.peek();
  if (cursor.takeSymbol("-")) {
    throw new SelectError("EvaluatorNegativeLimit", "LIMIT is a number from 0.", position);
  }
  const { kind, text } = cursor.peek();
  if (kind !== "integer") throw cursor.unexpected("ParseExpectedNumber", "a whole number");
  cursor.take();
  // Beyond what can be counted to it is no limit.
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function unexpectedRest(cursor: Cursor): SelectError {
  const unsupported: Record<string, string> = {
    GROUP: "GROUP BY",
    ORDER: "ORDER BY",
    HAVING: "HAVING",
    UNION: "UNION",
    JOIN: "JOIN",
    INNER: "JOIN",
  };
  const { kind, text, position } = cursor.peek();
  const what = kind === "word" ? unsupported[text.toUpperCase()] : undefined;
  if (what === undefined) return cursor.unexpected("ParseUnexpectedToken", "the end of the query");
  const code =
    what === "JOIN"
      ? "ParseMalformedJoin"
      : what === "GROUP BY"
        ? "ParseExpectedIdentForGroupName"
        : "UnsupportedSqlStructure";
  return new SelectError(code, `${what} is not supported.`, position);
}
