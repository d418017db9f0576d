import { describe, expect, test } from "vitest";
import { readDrop } from "../../../../web/app/selection/data-transfer.ts";

type Item = Partial<DataTransferItem>;

const entryOf = (name: string, isFile: boolean) =>
  ({ name, isFile, isDirectory: !isFile }) as FileSystemEntry;

const handleOf = (name: string) =>
  ({ kind: "file", name, getFile: async () => new File([], name) }) as Partial<FileSystemHandle>;

/** A file or folder of a disk, in a browser with handles. */
function onDisk(name: string, isFile = true): Item {
  return {
    kind: "file",
    webkitGetAsEntry: () => entryOf(name, isFile),
    getAsFileSystemHandle: async () => handleOf(name) as FileSystemHandle,
  };
}

function dataOf(...items: Item[]): DataTransfer {
  return { items } as unknown as DataTransfer;
}

/** What was read: the names of entries, and of their handles. */
async function namesOf(items: readonly Item[], now = () => 0) {
  const { entries } = readDrop(dataOf(...items), now);
  return Promise.all(
    entries.map(async ({ entry, handle }) => [entry.name, (await handle)?.name ?? null]),
  );
}

describe("readDrop", () => {
  test("takes entries with the handles of their files", async () => {
    expect(await namesOf([onDisk("a"), onDisk("b")])).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });

  test("asks no folder for its handle, because the browser would ask the person", async () => {
    const folder = onDisk("Documents", false);
    const asking: Item = { ...folder, getAsFileSystemHandle: () => expect.unreachable() };
    expect(await namesOf([asking])).toEqual([["Documents", null]]);
  });

  test("does without handles in a browser that has none, or refuses one", async () => {
    const { getAsFileSystemHandle: _, ...plain } = onDisk("plain");
    const refused: Item = {
      ...onDisk("refused"),
      getAsFileSystemHandle: () => Promise.reject(new DOMException("", "SecurityError")),
    };
    const empty: Item = { ...onDisk("empty"), getAsFileSystemHandle: async () => null };
    expect(await namesOf([plain, refused, empty])).toEqual([
      ["plain", null],
      ["refused", null],
      ["empty", null],
    ]);
  });

  test("of very many files, asks as many for handles as the event has time for", async () => {
    let time = 0;
    const now = () => (time += 1);
    const names = await namesOf(
      Array.from({ length: 1000 }, (_, index) => onDisk(`f${index}`)),
      now,
    );
    expect(names).toHaveLength(1000);
    const withHandle = names.filter(([, handle]) => handle !== null);
    expect(withHandle).toEqual(names.slice(0, 15));
  });

  test("takes as files what was never on a disk, and leaves text alone", () => {
    const file = new File(["x"], "image.png");
    const made: Item = { kind: "file", webkitGetAsEntry: () => null, getAsFile: () => file };
    const text: Item = { kind: "string" };
    expect(readDrop(dataOf(made, text), () => 0)).toEqual({ entries: [], files: [file] });
  });
});
