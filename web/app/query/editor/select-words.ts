/** A function of the language, as completion offers it. */
export interface SelectFunction {
  readonly name: string;
  /** What is filled in: `#{…}` are its places, in order. */
  readonly template: string;
  /** What it does, in a few words. */
  readonly info: string;
}

/**
 * Every function of S3 Select's SQL.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-sql-functions.html
 */
export const FUNCTIONS: readonly SelectFunction[] = [
  { name: "COUNT", template: "COUNT(#{*})", info: "how many records" },
  { name: "SUM", template: "SUM(#{number})", info: "all of them together" },
  { name: "AVG", template: "AVG(#{number})", info: "their mean" },
  { name: "MIN", template: "MIN(#{value})", info: "the least" },
  { name: "MAX", template: "MAX(#{value})", info: "the most" },
  { name: "CAST", template: "CAST(#{value} AS #{INT})", info: "as another type" },
  { name: "COALESCE", template: "COALESCE(#{value}, #{value})", info: "the first that is there" },
  { name: "NULLIF", template: "NULLIF(#{value}, #{value})", info: "NULL where both are equal" },
  { name: "CHAR_LENGTH", template: "CHAR_LENGTH(#{text})", info: "its characters" },
  { name: "CHARACTER_LENGTH", template: "CHARACTER_LENGTH(#{text})", info: "its characters" },
  { name: "LOWER", template: "LOWER(#{text})", info: "in small letters" },
  { name: "UPPER", template: "UPPER(#{text})", info: "in capitals" },
  { name: "SUBSTRING", template: "SUBSTRING(#{text} FROM 1 FOR 3)", info: "a part of it" },
  { name: "TRIM", template: "TRIM(#{text})", info: "without spaces around it" },
  { name: "DATE_ADD", template: "DATE_ADD(#{day}, 1, #{timestamp})", info: "later by so much" },
  {
    name: "DATE_DIFF",
    template: "DATE_DIFF(#{day}, #{timestamp}, #{timestamp})",
    info: "full units between two",
  },
  { name: "EXTRACT", template: "EXTRACT(#{YEAR} FROM #{timestamp})", info: "a part of a moment" },
  { name: "TO_STRING", template: "TO_STRING(#{timestamp}, '#{y-MM-dd}')", info: "by a pattern" },
  { name: "TO_TIMESTAMP", template: "TO_TIMESTAMP(#{text})", info: "a moment from its text" },
  { name: "UTCNOW", template: "UTCNOW()", info: "when the query began" },
];

/** Words that give a query its structure. */
export const KEYWORDS: readonly string[] = [
  "SELECT",
  "FROM",
  "WHERE",
  "LIMIT",
  "AS",
  "AND",
  "OR",
  "NOT",
  "LIKE",
  "ESCAPE",
  "BETWEEN",
  "IN",
  "IS",
  "NULL",
  "MISSING",
  "TRUE",
  "FALSE",
  "CASE",
  "WHEN",
  "THEN",
  "ELSE",
  "END",
];

/** Types that a CAST makes. */
export const TYPES: readonly string[] = ["BOOL", "INT", "FLOAT", "DECIMAL", "STRING", "TIMESTAMP"];
