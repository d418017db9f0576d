import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeMetadata, METADATA_ROOM_BYTES } from "../../../../web/app/options/object-metadata.ts";

const row = (name: string, value = "x") => ({ name, value });

describe("judgeMetadata", () => {
  test("takes what a header can carry", () => {
    const judged = judgeMetadata([row("camera", "Leica M6"), row("x-Project_2", "")]);
    expect(judged.accepted).toEqual({ camera: "Leica M6", "x-Project_2": "" });
    expect(judged.faults).toEqual([null, null]);
  });

  test("says nothing of a row that nobody has filled yet", () => {
    expect(judgeMetadata([row("", "")])).toEqual({ accepted: {}, faults: [null] });
  });

  test.each([
    ["no name", row("", "x")],
    ["a space in the name", row("my camera")],
    ["a colon in the name", row("a:b")],
    ["a letter beyond ASCII in the name", row("größe")],
    ["a letter beyond ASCII in the value", row("size", "groß")],
    ["a line break in the value", row("note", "a\r\nx-amz-acl: public-read")],
    ["a space at the end", row("note", "a ")],
    ["the server's own name", row("Sluice-Upload")],
  ])("leaves out a row with %s, and says why", (_, bad) => {
    const { accepted, faults } = judgeMetadata([row("good"), bad]);
    expect(accepted).toEqual({ good: "x" });
    expect(faults[1]).toMatch(/^[A-Z].*\.$/);
  });

  test("leaves out a name that stands twice, whatever its capitals: headers have none", () => {
    const { accepted, faults } = judgeMetadata([row("Camera", "a"), row("camera", "b")]);
    expect(accepted).toEqual({ Camera: "a" });
    expect(faults[1]).toContain("already");
  });

  test("fills the room to the last byte, and not beyond", () => {
    const full = row("a", "v".repeat(METADATA_ROOM_BYTES - 1));
    expect(judgeMetadata([full]).faults).toEqual([null]);
    const { accepted, faults } = judgeMetadata([full, row("b", "")]);
    expect(accepted).toEqual({ a: full.value });
    expect(faults[1]).toContain(`${METADATA_ROOM_BYTES + 1} bytes`);
  });

  test("what it accepts always fits into headers", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.string({ unit: fc.constantFrom("a", "B", "-"), maxLength: 700 }),
    );
    const typed = fc.array(fc.record({ name: texts, value: texts }), { maxLength: 6 });
    fc.assert(
      fc.property(typed, (rows) => {
        const accepted = Object.entries(judgeMetadata(rows).accepted);
        const bytes = accepted.reduce((sum, [name, value]) => {
          expect(() => new Headers({ [`x-amz-meta-${name}`]: value })).not.toThrow();
          return sum + name.length + value.length;
        }, 0);
        expect(bytes).toBeLessThanOrEqual(METADATA_ROOM_BYTES);
      }),
    );
  });
});
