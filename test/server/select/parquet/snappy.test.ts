import fc from "fast-check";
import { expect, test } from "vitest";
import { Scratch } from "../../../../server/select/parquet/scratch.ts";
import { SnappyUnpacker } from "../../../../server/select/parquet/snappy.ts";

/** What a block of Snappy is made of. */
type Element =
  | { readonly kind: "literal"; readonly bytes: Uint8Array }
  | {
      readonly kind: "copy";
      readonly form: 1 | 2 | 4;
      readonly offset: number;
      readonly length: number;
    };

const literal = (most: number) =>
  fc
    .uint8Array({ minLength: 1, maxLength: most })
    .map((bytes): Element => ({ kind: "literal", bytes }));

const element = fc.oneof(
  { weight: 4, arbitrary: literal(16) },
  { weight: 1, arbitrary: literal(600) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("copy" as const),
      form: fc.constantFrom(1 as const, 2 as const, 4 as const),
      offset: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2047 })),
      length: fc.integer({ min: 1, max: 64 }),
    }),
  },
);

/** The elements as a block, and what they stand for; copies reach back no further than there is something. */
function blockOf(elements: readonly Element[]): { packed: Uint8Array; unpacked: Uint8Array } {
  const packed: number[] = [];
  const unpacked: number[] = [];
  for (const each of elements) {
    if (each.kind === "literal") {
      packed.push(...literalTag(each.bytes.length), ...each.bytes);
      unpacked.push(...each.bytes);
      continue;
    }
    if (unpacked.length === 0) continue;
    const offset = Math.min(each.offset, unpacked.length);
    const length = each.form === 1 ? 4 + (each.length % 8) : each.length;
    packed.push(...copyTag(each.form, offset, length));
    for (let done = 0; done < length; done += 1) unpacked.push(unpacked.at(-offset) ?? 0);
  }
  return {
    packed: Uint8Array.from([...varint(unpacked.length), ...packed]),
    unpacked: Uint8Array.from(unpacked),
  };
}

function literalTag(length: number): number[] {
  const less = length - 1;
  if (less < 60) return [less << 2];
  return less < 256 ? [60 << 2, less] : [61 << 2, less & 255, less >> 8];
}

function copyTag(form: 1 | 2 | 4, offset: number, length: number): number[] {
  if (form === 1) return [((offset >> 8) << 5) | ((length - 4) << 2) | 1, offset & 255];
  const low = [offset & 255, offset >> 8];
  return form === 2 ? [((length - 1) << 2) | 2, ...low] : [((length - 1) << 2) | 3, ...low, 0, 0];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

test("whatever elements a block is made of, it unpacks to what they stand for", () => {
  const unpacker = new SnappyUnpacker();
  const scratch = new Scratch();
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 120 }), (elements) => {
      const { packed, unpacked } = blockOf(elements);
      fc.pre(unpacked.length > 0);
      const bytes = unpacker.unpack(packed, unpacked.length, scratch);
      expect(Buffer.from(bytes).equals(unpacked)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a block that is cut off, or that reaches back too far, is not sound", () => {
  const unpacker = new SnappyUnpacker();
  const scratch = new Scratch();
  const all = fc.array(element, { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(all, fc.nat(), (elements, place) => {
      const { packed, unpacked } = blockOf([
        ...elements,
        { kind: "literal", bytes: Uint8Array.of(1) },
      ]);
      const head = varint(unpacked.length).length;
      const cut = packed.subarray(0, head + (place % (packed.length - head)));
      expect(() => unpacker.unpack(cut, unpacked.length, scratch)).toThrow("is not sound");
    }),
    { numRuns: 100 },
  );
  // Far from its end a block is unpacked by another loop than close to it.
  const tail = Uint8Array.from({ length: 200 }, (_, index) => index);
  const far = (length: number, offset: number) =>
    Uint8Array.from([
      ...varint(length + 264),
      ...literalTag(length),
      ...tail.subarray(0, length),
      ...copyTag(2, offset, 64),
      ...literalTag(200),
      ...tail,
    ]);
  for (const length of [16, 60, 200]) {
    expect(unpacker.unpack(far(length, length), length + 264, scratch)).toHaveLength(length + 264);
    for (const offset of [0, length + 1, 60_000]) {
      expect(() => unpacker.unpack(far(length, offset), length + 264, scratch)).toThrow(
        "is not sound",
      );
    }
  }
});
