import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  effectiveScheme,
  readScheme,
  SCHEME_STORAGE_KEY,
  toggleScheme,
} from "../../../../web/app/shell/colour-scheme.ts";

describe("toggleScheme", () => {
  test("always shows the other scheme", () => {
    for (const choice of ["system", "light", "dark"] as const) {
      for (const systemDark of [true, false]) {
        const next = toggleScheme(choice, systemDark);
        expect(effectiveScheme(next, systemDark)).not.toBe(effectiveScheme(choice, systemDark));
      }
    }
  });

  test("goes back to following the device where that agrees", () => {
    expect(toggleScheme("light", true)).toBe("system");
    expect(toggleScheme("system", true)).toBe("light");
  });
});

describe("readScheme", () => {
  test("follows the device where storage is closed", () => {
    const closed = () => {
      throw new DOMException("denied", "SecurityError");
    };
    expect(readScheme(closed)).toBe("system");
  });
});

test("the script before the first paint reads the same key", () => {
  const script = readFileSync(
    new URL("../../../../web/app/public/colour-scheme.js", import.meta.url),
    "utf8",
  );
  expect(script).toContain(`"${SCHEME_STORAGE_KEY}"`);
});
