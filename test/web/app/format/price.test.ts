import { expect, test } from "vitest";
import { formatUsd } from "../../../../web/app/format/price.ts";

test.each([
  [0.001, "less than $0.01"],
  [0.005, "$0.01"],
  [0.04, "$0.04"],
  [0.314, "$0.31"],
  [1204.5, "$1,204.50"],
])("%d dollars read %s", (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});
