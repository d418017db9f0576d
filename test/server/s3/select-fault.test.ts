import { expect, test } from "vitest";
import { selectFault } from "../../../server/s3/select-fault.ts";

test.each([
  ["Expected a value. (line 2, column 32)", { line: 2, column: 32 }, "Expected a value."],
  [
    "The column index at line 3, column 27 is invalid.",
    { line: 3, column: 27 },
    "The column index at line 3, column 27 is invalid.",
  ],
  ["The query is too long.", null, "The query is too long."],
  ["A field reads (line 1, column 2) here.", null, "A field reads (line 1, column 2) here."],
])("%s", (sentence, position, detail) => {
  expect(selectFault("ParseUnexpectedToken", sentence)).toMatchObject({ position, detail });
});
