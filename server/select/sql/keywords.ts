/**
 * Words that give a query its structure: where one stands without quotes it is never a name. The other reserved
 * words of the dialect (`date`, `timestamp`, `user`, …) are taken as names wherever they cannot mean anything else,
 * because common columns have such names.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-keyword-list.html
 */
const STRUCTURE: ReadonlySet<string> = new Set([
  "AND",
  "AS",
  "BETWEEN",
  "BY",
  "CASE",
  "CAST",
  "DISTINCT",
  "ELSE",
  "END",
  "ESCAPE",
  "FALSE",
  "FROM",
  "GROUP",
  "HAVING",
  "IN",
  "INNER",
  "IS",
  "JOIN",
  "LIKE",
  "LIMIT",
  "MISSING",
  "NOT",
  "NULL",
  "OR",
  "ORDER",
  "PIVOT",
  "SELECT",
  "THEN",
  "TRUE",
  "UNION",
  "UNPIVOT",
  "WHEN",
  "WHERE",
]);

/** Whether an unquoted word can never be a name. */
export function isStructural(word: string): boolean {
  return STRUCTURE.has(word.toUpperCase());
}
