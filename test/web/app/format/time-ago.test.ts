import { expect, test } from "vitest";
import { formatAgo } from "../../../../web/app/format/time-ago.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;

test.each([
  [-5000, "just now"],
  [59_999, "just now"],
  [60_000, "1 minute ago"],
  [HOUR_MS - 1, "59 minutes ago"],
  [3.9 * HOUR_MS, "3 hours ago"],
  [24 * HOUR_MS, "yesterday"],
  [6.5 * 24 * HOUR_MS, "6 days ago"],
])("%d ms before now reads %s", (elapsedMs, text) => {
  expect(formatAgo(NOW - elapsedMs, NOW)).toBe(text);
});
