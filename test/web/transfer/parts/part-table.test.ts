import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_FAILURES, PartTable } from "../../../../web/transfer/parts/part-table.ts";

/** A table of `sizeBytes` cut into parts of `partBytes`. */
function cutTable(sizeBytes: number, partBytes: number): PartTable {
  const table = new PartTable(sizeBytes);
  while (table.hasUnassigned) table.assign(partBytes);
  return table;
}

const listed = (partNumber: number, sizeBytes: number) => ({
  partNumber,
  sizeBytes,
  etag: `"${partNumber}"`,
});

describe("PartTable", () => {
  it("tiles the bytes exactly, however they are cut", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.array(fc.integer({ min: 1, max: 300 })), (sizeBytes, cuts) => {
        const table = new PartTable(sizeBytes);
        for (const cut of [...cuts, sizeBytes + 1]) if (table.hasUnassigned) table.assign(cut);
        const { ranges } = table;
        expect(ranges[0]?.start).toBe(0);
        expect(ranges.at(-1)?.end).toBe(sizeBytes);
        ranges.slice(1).forEach(({ start }, index) => expect(start).toBe(ranges[index]?.end));
        expect(ranges.map(({ partNumber }) => partNumber)).toEqual(ranges.map((_, i) => i + 1));
      }),
    );
  });

  it("is complete when every byte has a part that is held, and not before", () => {
    const table = new PartTable(25);
    expect(table.isComplete).toBe(false);
    for (const _ of [1, 2]) {
      const { partNumber } = table.assign(15);
      table.start(partNumber);
      expect(table.isComplete).toBe(false);
      table.hold(partNumber, "e", null);
    }
    expect(table.isComplete).toBe(true);
    expect(table.heldBytes).toBe(25);
  });

  it("takes an empty file for one empty part", () => {
    const table = cutTable(0, 10);
    expect(table.ranges).toEqual([{ partNumber: 1, start: 0, end: 0 }]);
    table.hold(1, "e", null);
    expect(table.isComplete).toBe(true);
  });

  it("counts sent bytes once where a part goes up twice", () => {
    const table = cutTable(10, 10);
    table.start(1);
    expect(table.move(1, 6)).toBe(6);
    table.start(1);
    expect(table.move(1, 4)).toBe(0);
    expect(table.move(1, 9)).toBe(3);
    expect(table.sentBytes).toBe(9);
    expect(table.aheadBytes).toBe(1);
  });

  it("cuts the tail anew, but nothing that is held or under way", () => {
    const table = cutTable(50, 10);
    table.hold(2, "e", null);
    table.start(3);
    table.unassignTail();
    expect(table.ranges.length).toBe(3);
    expect(table.unassignedBytes).toBe(20);
    expect(table.assign(20)).toEqual({ partNumber: 4, start: 30, end: 50 });
  });

  it("never gives a held part back", () => {
    const table = cutTable(10, 10);
    table.start(1);
    table.hold(1, "e", "c");
    table.giveBack(1, NO_FAILURES);
    expect([...table.returned]).toEqual([]);
    expect(table.held).toMatchObject([{ partNumber: 1, etag: "e", checksum: "c" }]);
  });

  it("grows with a stream", () => {
    const table = new PartTable(0);
    table.grow(8);
    expect(table.assign(8)).toEqual({ partNumber: 1, start: 0, end: 8 });
    table.grow(12);
    expect(table.unassignedBytes).toBe(4);
  });

  describe("against what the storage says", () => {
    it("sends what it lacks again, and keeps its own checksums of what is there", () => {
      const table = cutTable(30, 10);
      table.hold(1, "old", "c1");
      table.hold(2, "old", "c2");
      table.reconcile([listed(2, 10)]);
      expect(table.held).toEqual([
        { partNumber: 2, start: 10, end: 20, etag: '"2"', checksum: "c2" },
      ]);
      expect([...table.returned]).toEqual([1]);
      expect(table.unassignedBytes).toBe(10);
    });

    it("sends a part of another size again", () => {
      const table = cutTable(20, 10);
      table.reconcile([listed(1, 7), listed(2, 10)]);
      expect(table.held.map(({ partNumber }) => partNumber)).toEqual([2]);
    });

    it("takes over parts that nobody remembers, as far as they follow each other", () => {
      const table = new PartTable(40);
      table.reconcile([listed(1, 10), listed(2, 5), listed(4, 5)]);
      expect(table.held.map(({ start, end }) => [start, end])).toEqual([
        [0, 10],
        [10, 15],
      ]);
      expect(table.nextPartNumber).toBe(3);
    });

    it("never takes over more than the file has", () => {
      const table = new PartTable(10);
      table.reconcile([listed(1, 11)]);
      expect(table.ranges).toEqual([]);
    });
  });
});
