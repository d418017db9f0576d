import type { KeyStrategy } from "../../../shared/api.ts";
import { objectKey } from "../../../shared/object-key.ts";

/** The path that the examples are made from. */
export const EXAMPLE_PATH = "Reports/plan.pdf";

/** MD5 of `EXAMPLE_PATH`: one known digest is no reason to ship a hash to the page. */
export const EXAMPLE_MD5 = "e0510e5943a8cabf15c5ac86d2f86bb6";

/** The key that a strategy makes of `EXAMPLE_PATH`; `random` shows one of 65,536. */
export function keyExample(strategy: KeyStrategy, now: Date): string {
  return objectKey(EXAMPLE_PATH, {
    strategy,
    prefix: "",
    md5Hex: () => EXAMPLE_MD5,
    random: () => 0.7231,
    now,
  });
}
