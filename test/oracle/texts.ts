import fc from "fast-check";

/** Letters of one, two and four bytes, wildcards, what CSV and SQL have to quote, digits and spaces. */
const CHARACTERS = [..."aaAbBéＡ😀%_!,\"' \t\n01-.#", "\u00a0"];

/** Short texts of few characters, so that they meet again. */
export const SHORT_TEXT = fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 5 });

/** Patterns of LIKE that are right with `!` as their escape, too. */
export const PATTERN = fc
  .array(fc.constantFrom("%", "%", "_", "a", "A", "b", "é", "!%", "!_", "!!", " "), {
    maxLength: 4,
  })
  .map((pieces) => pieces.join(""));

/** Eighths, which floats hold exactly. */
export const EIGHTHS = fc.integer({ min: -400, max: 400 }).map((count) => (count / 8).toFixed(3));

/** Moments of UTC, around the ends of months and years. */
export const MOMENT = fc
  .tuple(
    fc.constantFrom(
      "1999-12-31",
      "2000-02-29",
      "2023-02-28",
      "2024-02-29",
      "2024-03-01",
      "2024-07-15",
    ),
    fc.constantFrom("00:00:00", "01:30:00", "12:00:59", "23:59:59"),
  )
  .map(([day, time]) => `${day}T${time}Z`);

/** Texts that are numbers to some and to others not. */
export const NUMBER_LIKE = fc.oneof(
  fc.integer({ min: -12, max: 12 }).map(String),
  EIGHTHS,
  fc.constantFrom("", " 5", "5 ", "+5", "-0", "007", ".5", "5.", "1e1", "1E-1", "1.50", "10.0"),
  fc.constantFrom(
    "five",
    "0x10",
    "1_0",
    "1,5",
    "--5",
    "+",
    ".",
    "1e",
    "NaN",
    "Infinity",
    "5\u00a0",
  ),
  fc.constantFrom("9223372036854775807", "123456789012345678", "0.000000001", "1e300", "1e-300"),
);
