import type { Dice } from "./dice.ts";

const LEAVES = [
  ..."_1 _2 _9 a b s.a s.b.c s.d[0] S3Object.a s._1 null missing true false 0 1 -1 2.5 1e3 9223372036854775807".split(
    " ",
  ),
  ..."1e-400 99999999999999999999 'a' 'b%' '' '1' '2016-02-29T' `2016-02-29T` `2016T` UTCNOW() [] [1,'a']".split(
    " ",
  ),
  'a."b c"',
  "s.d[*]",
  "s.*",
  "'it''s'",
  "'\u{1f600}'",
  "`2016-02-29T23:59:58.123456789+05:30`",
] as const;

/** `#` stands for an expression. */
const SHAPES = [
  ..."(#)|# + #|# - #|# * #|# / #|# % #|-#|# || #|# = #|# <> #|# < #|# >= #|# AND #|# OR #|NOT #".split(
    "|",
  ),
  ..."# IS NULL|# IS NOT MISSING|# BETWEEN # AND #|# IN (#, #)|# IN #|# LIKE #|# NOT LIKE # ESCAPE #".split(
    "|",
  ),
  ..."CASE WHEN # THEN # ELSE # END|CASE # WHEN # THEN # END|COALESCE(#, #)|NULLIF(#, #)".split(
    "|",
  ),
  ..."CAST(# AS INT)|CAST(# AS FLOAT)|CAST(# AS DECIMAL(5, 2))|CAST(# AS STRING)|CAST(# AS BOOL)".split(
    "|",
  ),
  ..."CAST(# AS TIMESTAMP)|LOWER(#)|UPPER(#)|CHAR_LENGTH(#)|TRIM(#)|TRIM(BOTH # FROM #)".split("|"),
  ..."SUBSTRING(#, #)|SUBSTRING(# FROM # FOR #)|DATE_ADD(month, #, #)|DATE_DIFF(second, #, #)".split(
    "|",
  ),
  ..."EXTRACT(TIMEZONE_HOUR FROM #)|TO_STRING(#, #)|TO_STRING(#, 'y-MM-dd h:m a XXX')|TO_TIMESTAMP(#)".split(
    "|",
  ),
  ..."TO_TIMESTAMP(#, 'yyyy-MM-dd')|COUNT(*)|COUNT(#)|SUM(#)|AVG(#)|MIN(#)|MAX(#)|[#, #]".split(
    "|",
  ),
] as const;

const FROMS = [
  ..."S3Object|S3Object s|s3object AS s|S3Object[*] s|S3Object[*].a s|S3Object[*][*]|S3Object[*].b[*] s".split(
    "|",
  ),
  "S3Object[*].*",
  "S3Object[*].d[0] s",
] as const;

/** Pieces of the language that make no sense together. */
const TOKENS = (
  "SELECT FROM WHERE LIMIT S3Object * , ( ) [ ] . AND OR NOT IS NULL MISSING LIKE ESCAPE BETWEEN IN CASE WHEN " +
  "THEN ELSE END CAST AS INT DECIMAL COUNT SUM _1 s a 'x' \"q\" ` ' \" 1 2.5 1e5 + - / % = <> <= || ; -- /* */ @ ! \u00e4 \0"
).split(" ");

/** A query that mostly makes sense. */
export function randomQuery(dice: Dice): string {
  if (dice.onceIn(15))
    return Array.from({ length: dice.below(30) }, () => dice.pick(TOKENS)).join(" ");
  const count = dice.onceIn(3) ? 1 + dice.below(4) : 1;
  const items = Array.from({ length: count }, () => expressionOf(dice, 3) + aliasOf(dice));
  const list = dice.onceIn(3) ? "*" : items.join(", ");
  const where = dice.onceIn(2) ? ` WHERE ${expressionOf(dice, 3)}` : "";
  const limit = dice.onceIn(4) ? ` LIMIT ${dice.below(5)}` : "";
  return `SELECT ${list} FROM ${dice.pick(FROMS)}${where}${limit}`;
}

function aliasOf(dice: Dice): string {
  return dice.onceIn(4) ? ` AS ${dice.onceIn(20) ? "1" : dice.pick(["x", "y", '"a b"'])}` : "";
}

function expressionOf(dice: Dice, depth: number): string {
  if (depth === 0 || dice.onceIn(3)) return dice.pick(LEAVES);
  return dice.pick(SHAPES).replaceAll("#", () => expressionOf(dice, depth - 1));
}
