import { expect, test } from "vitest";
import { downloadCostUsd, rangedReadCostUsd, selectCostUsd } from "../../shared/cost.ts";

const GIB = 1024 ** 3;

test("S3 Select bills what it reads and what it answers", () => {
  expect(selectCostUsd(10 * GIB, GIB)).toBeCloseTo(0.0207, 6);
});

test("our own reading bills requests alone, at least one", () => {
  expect(rangedReadCostUsd(0)).toBeCloseTo(0.0000004, 10);
  expect(rangedReadCostUsd(10 * GIB)).toBeCloseTo(1280 * 0.0000004, 8);
});

test("fetching everything bills the way out", () => {
  expect(downloadCostUsd(10 * GIB)).toBeCloseTo(0.9, 5);
});
