import { describe, expect, test } from "vitest";
import type { Block } from "../../../../server/select/blocks/block-memory.ts";
import type { BlockAnswer } from "../../../../server/select/blocks/block-scan.ts";
import { blocksInOrder } from "../../../../server/select/blocks/blocks-in-order.ts";

const never = new AbortController().signal;

function blockAt(slot: number, offset: number): Block {
  return { slot, start: 0, end: 1, dataEnd: 1, offset };
}

/** A reader of so many blocks, and a crew whose answers come when the test says so. */
function scripted(blockCount: number, slotCount: number, fault: Error | null = null) {
  const read: number[] = [];
  const scanned: { readonly block: Block; readonly settle: (error?: Error) => void }[] = [];
  return {
    read,
    scanned,
    reader: {
      async next(slot: number): Promise<Block | null> {
        if (read.length === blockCount) {
          if (fault) throw fault;
          return null;
        }
        read.push(slot);
        return blockAt(slot, read.length - 1);
      },
    },
    crew: {
      slotCount,
      scan: (block: Block) =>
        new Promise<BlockAnswer>((resolve, reject) => {
          scanned.push({
            block,
            settle: (error) => {
              const payload = Buffer.from(String(block.offset));
              if (error) reject(error);
              else resolve({ payload, recordEnds: [], states: null, error: null });
            },
          });
        }),
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("blocks in order", () => {
  test("as many are read as there are slots, and their answers come in the object's order", async () => {
    const { reader, crew, read, scanned } = scripted(5, 3);
    const answers = blocksInOrder(null, reader, crew, () => Infinity, never);
    const first = answers.next();
    await settled();
    expect(read).toHaveLength(3);
    scanned[2]?.settle();
    scanned[1]?.settle();
    await settled();
    expect(read).toHaveLength(3);
    scanned[0]?.settle();
    expect(String((await first).value?.payload)).toBe("0");
    const rest: string[] = [];
    const drain = (async () => {
      for await (const { payload } of answers) rest.push(String(payload));
    })();
    for (let index = 3; index < 5; index += 1) {
      await expect.poll(() => scanned.length).toBeGreaterThan(index);
      scanned[index]?.settle();
    }
    await drain;
    expect(rest).toEqual(["1", "2", "3", "4"]);
  });

  test("where few records are wanted, nothing is read before the first block has been looked at", async () => {
    const { reader, crew, read, scanned } = scripted(5, 3);
    const answers = blocksInOrder(null, reader, crew, () => 10, never);
    const first = answers.next();
    await settled();
    expect(read).toHaveLength(1);
    scanned[0]?.settle();
    await first;
    void answers.next();
    await settled();
    expect(read).toHaveLength(4);
  });

  test("what the reader fails with comes behind what came before it", async () => {
    const { reader, crew, scanned } = scripted(1, 2, new Error("The line broke"));
    const answers = blocksInOrder(null, reader, crew, () => Infinity, never);
    const first = answers.next();
    await settled();
    scanned[0]?.settle();
    expect(String((await first).value?.payload)).toBe("0");
    await expect(answers.next()).rejects.toThrow("The line broke");
  });

  test("what keeps a block from being scanned ends all", async () => {
    const { reader, crew, scanned } = scripted(3, 2);
    const answers = blocksInOrder(null, reader, crew, () => Infinity, never);
    const first = answers.next();
    await settled();
    scanned[1]?.settle(new Error("Behind"));
    scanned[0]?.settle();
    await first;
    await expect(answers.next()).rejects.toThrow("Behind");
  });
});
