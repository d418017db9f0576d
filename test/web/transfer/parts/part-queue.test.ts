import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartQueue } from "../../../../web/transfer/parts/part-queue.ts";

function queueOf(partCount: number) {
  return new PartQueue({ sizeBytes: partCount * 10 - 3, partSizeBytes: 10, partCount });
}

type Step = "start" | "hold" | "giveBack" | "giveBackAll";

describe("PartQueue", () => {
  it("offers every part exactly once until it is held, whatever happens to it", () => {
    const steps = fc.array(fc.constantFrom<Step>("start", "hold", "giveBack", "giveBackAll"), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), steps, fc.nat(), (partCount, steps, seed) => {
        const queue = queueOf(partCount);
        const underWay: number[] = [];
        const held = new Set<number>();
        for (const [index, step] of steps.entries()) {
          const pick = (seed + index * 7) % Math.max(1, underWay.length);
          if (step === "start") {
            const [next] = queue.upcoming(1);
            if (next !== undefined) underWay.push(next);
            if (next !== undefined) queue.start(next);
          } else if (step === "giveBackAll") {
            underWay.length = 0;
            queue.giveBackAll();
          } else {
            const [partNumber] = underWay.splice(pick, 1);
            if (partNumber !== undefined && step === "hold") {
              held.add(partNumber);
              queue.hold(partNumber, `"${partNumber}"`);
            } else if (partNumber !== undefined) queue.giveBack(partNumber);
          }
          const all = [...queue.upcoming(Infinity), ...underWay, ...held].toSorted((a, b) => a - b);
          expect(all).toEqual(Array.from({ length: partCount }, (_, index) => index + 1));
        }
        expect(queue.isComplete).toBe(held.size === partCount);
        expect(queue.held.map(({ partNumber }) => partNumber)).toEqual(
          [...held].toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it("sends returned parts before fresh ones", () => {
    const queue = queueOf(5);
    queue.start(1);
    queue.start(2);
    queue.giveBack(1);
    expect(queue.upcoming(3)).toEqual([1, 3, 4]);
  });

  it("never counts more than the part has, nor moves backwards while it is under way", () => {
    const queue = queueOf(1);
    queue.start(1);
    expect([queue.move(1, 5), queue.move(1, 3), queue.move(1, 99)]).toEqual([5, 0, 2]);
    expect(queue.sentBytes).toBe(7);
  });

  it("trusts only parts of the planned size when it is reconciled", () => {
    const queue = queueOf(3);
    queue.reconcile([
      { partNumber: 1, sizeBytes: 10, etag: '"a"' },
      { partNumber: 2, sizeBytes: 9, etag: '"b"' },
      { partNumber: 3, sizeBytes: 7, etag: '"c"' },
      { partNumber: 4, sizeBytes: 10, etag: '"d"' },
    ]);
    expect(queue.held).toEqual([
      { partNumber: 1, etag: '"a"' },
      { partNumber: 3, etag: '"c"' },
    ]);
    expect([queue.upcoming(9), queue.sentBytes, queue.marks]).toEqual([[2], 17, [3, 0, 3]]);
  });

  it("keeps the same marks until one changes", () => {
    const queue = queueOf(3);
    queue.start(1);
    const { marks } = queue;
    queue.move(1, 4);
    expect(queue.marks).toBe(marks);
    queue.hold(1, '"a"');
    expect(queue.marks).toEqual([3, 0, 0]);
  });
});
