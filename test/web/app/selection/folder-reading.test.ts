import { describe, expect, test } from "vitest";
import {
  type ReadingSink,
  readEntries,
  readPicked,
} from "../../../../web/app/selection/folder-reading.ts";
import { MULTIPART_THRESHOLD_BYTES } from "../../../../shared/part-plan.ts";
import type { FileInFolder } from "../../../../web/transfer/index.ts";

/** A folder is an object, a file its size, what cannot be opened an error. */
type Tree = { [name: string]: Tree | number | Error };

const FILE_SYSTEM = { name: "test", root: undefined } as unknown as FileSystem;

function fileEntry(name: string, fullPath: string, content: number | Error): FileSystemFileEntry {
  return {
    isFile: true,
    isDirectory: false,
    name,
    fullPath,
    filesystem: FILE_SYSTEM,
    getParent: () => undefined,
    file(resolve, reject) {
      if (content instanceof Error) reject?.(new DOMException("gone", "NotFoundError"));
      else resolve(new File([new Uint8Array(content)], name));
    },
  };
}

/** Answers 100 children a call and an empty list at the end, as Chromium does. */
function folderEntry(name: string, fullPath: string, tree: Tree): FileSystemDirectoryEntry {
  const children = Object.entries(tree).map(([child, content]) =>
    entry(child, `${fullPath}/${child}`, content),
  );
  return {
    isFile: false,
    isDirectory: true,
    name,
    fullPath,
    filesystem: FILE_SYSTEM,
    getParent: () => undefined,
    getDirectory: () => undefined,
    getFile: () => undefined,
    createReader() {
      const left = [...children];
      return { readEntries: (resolve) => resolve(left.splice(0, 100)) };
    },
  };
}

function entry(name: string, fullPath: string, content: Tree | number | Error): FileSystemEntry {
  return typeof content === "object" && !(content instanceof Error)
    ? folderEntry(name, fullPath, content)
    : fileEntry(name, fullPath, content);
}

const roots = (tree: Tree, handle: FileSystemFileHandle | null = null) =>
  Object.entries(tree).map(([name, content]) => ({
    entry: entry(name, `/${name}`, content),
    handle: Promise.resolve(handle),
  }));

/** A handle to a file of so many bytes, or to one that went away. */
function handleOf(name: string, content: number | Error): FileSystemFileHandle {
  const getFile = async () => {
    if (content instanceof Error) throw content;
    return new File([new Uint8Array(content)], name);
  };
  return { kind: "file", name, getFile } as Partial<FileSystemFileHandle> as FileSystemFileHandle;
}

function recordingSink() {
  const batches: (readonly FileInFolder[])[] = [];
  const progress: number[] = [];
  let pauses = 0;
  let now = 0;
  const sink: ReadingSink = {
    // A file costs a quarter of a millisecond where it is taken in.
    onFiles(files) {
      batches.push(files);
      now += files.length / 4;
    },
    now: () => now,
    onProgress: (count) => progress.push(count),
    pause: async () => {
      pauses += 1;
    },
  };
  const paths = () => batches.flat().map((file) => file.relativePath);
  return { sink, batches, progress, paths, pauseCount: () => pauses };
}

const never = new AbortController().signal;
const LARGE = MULTIPART_THRESHOLD_BYTES;

describe("readEntries", () => {
  test("keeps the paths of nested folders, sorted by name", async () => {
    const { sink, paths } = recordingSink();
    const tree = { album: { "z.txt": 1, "1": { "ü.jpg": 1, "a b#?.jpg": 1 } }, "lone.txt": 1 };
    await readEntries(roots(tree), sink, never);
    expect(paths()).toEqual(["album/1/a b#?.jpg", "album/1/ü.jpg", "album/z.txt", "lone.txt"]);
  });

  test("reads a folder beyond the 100 entries of one answer", async () => {
    const { sink, paths } = recordingSink();
    const folder = Object.fromEntries(Array.from({ length: 731 }, (_, index) => [`f${index}`, 1]));
    const summary = await readEntries(roots({ folder }), sink, never);
    expect(summary.fileCount).toBe(731);
    expect(new Set(paths()).size).toBe(731);
  });

  test("hands files over in small batches, and lets the page breathe by the clock", async () => {
    const { sink, batches, progress, pauseCount } = recordingSink();
    const folder = Object.fromEntries(Array.from({ length: 95 }, (_, index) => [`f${index}`, 1]));
    await readEntries(roots({ folder }), sink, never);
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
    expect(progress).toEqual([40, 80]);
    expect(pauseCount()).toBe(2);
  });

  test("leaves out what systems put into folders, and keeps it where it was chosen itself", async () => {
    const { sink, paths } = recordingSink();
    const tree = { album: { ".DS_Store": 1, "Thumbs.db": 1, "x.jpg": 1 }, ".DS_Store": 1 };
    const summary = await readEntries(roots(tree), sink, never);
    expect(paths()).toEqual(["album/x.jpg", ".DS_Store"]);
    expect(summary.skippedCount).toBe(2);
  });

  test("finds nothing in empty folders", async () => {
    const { sink, batches } = recordingSink();
    const summary = await readEntries(roots({ empty: { deeper: {} } }), sink, never);
    expect(summary).toEqual({ fileCount: 0, skippedCount: 0, unreadableCount: 0 });
    expect(batches).toEqual([]);
  });

  test("counts what cannot be opened and reads on", async () => {
    const { sink, paths } = recordingSink();
    const summary = await readEntries(roots({ a: { bad: new Error(), good: 1 } }), sink, never);
    expect(summary.unreadableCount).toBe(1);
    expect(paths()).toEqual(["a/good"]);
  });

  test("keeps the handle of a file that goes up in parts, and of no other", async () => {
    const { sink, batches } = recordingSink();
    const handle = handleOf("any", 1);
    const tree = { "film.mp4": LARGE, "note.txt": LARGE - 1, album: { "deep.mp4": LARGE } };
    await readEntries(roots(tree, handle), sink, never);
    expect(batches.flat().map((file) => [file.relativePath, file.handle])).toEqual([
      ["film.mp4", handle],
      ["note.txt", undefined],
      ["album/deep.mp4", undefined],
    ]);
  });

  test("rejects with the signal's reason and keeps what was delivered", async () => {
    const { sink, batches } = recordingSink();
    const stop = new AbortController();
    const folder = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`f${index}`, 1]));
    const reading = readEntries(
      roots({ folder }),
      { ...sink, pause: async () => stop.abort("enough") },
      stop.signal,
    );
    await expect(reading).rejects.toBe("enough");
    expect(batches.flat()).toHaveLength(40);
  });
});

describe("readPicked", () => {
  function picked(path: string): File {
    const file = new File(["x"], path.slice(path.lastIndexOf("/") + 1));
    Object.defineProperty(file, "webkitRelativePath", {
      value: path.includes("/") ? path : "",
    });
    return file;
  }

  test("takes the folder's paths, sorted", async () => {
    const { sink, paths } = recordingSink();
    await readPicked([picked("album/b.jpg"), picked("album/a.jpg")], sink, never);
    expect(paths()).toEqual(["album/a.jpg", "album/b.jpg"]);
  });

  test("takes the names of lone files, in the order they were chosen", async () => {
    const { sink, paths } = recordingSink();
    await readPicked([picked("b.txt"), picked("a.txt")], sink, never);
    expect(paths()).toEqual(["b.txt", "a.txt"]);
  });

  test("lets the page breathe by the clock, and stops there where it is told to", async () => {
    const { sink, batches } = recordingSink();
    const stop = new AbortController();
    const files = Array.from({ length: 100 }, (_, index) => picked(`f${index}`));
    const pausing = { ...sink, pause: async () => stop.abort("enough") };
    await expect(readPicked(files, pausing, stop.signal)).rejects.toBe("enough");
    expect(batches.flat()).toHaveLength(40);
  });

  test("leaves out litter in folders only", async () => {
    const { sink, paths } = recordingSink();
    const files = [picked("album/.DS_Store"), picked("album/__MACOSX/a"), picked("desktop.ini")];
    const summary = await readPicked(files, sink, never);
    expect(paths()).toEqual(["desktop.ini"]);
    expect(summary.skippedCount).toBe(2);
  });

  test("opens files by their handles, and keeps the handles of those that go up in parts", async () => {
    const { sink, batches } = recordingSink();
    const [large, small] = [handleOf("film.mp4", LARGE), handleOf("a.txt", 1)];
    const summary = await readPicked([large, small], sink, never);
    expect(batches.flat()).toMatchObject([
      { file: { name: "film.mp4", size: LARGE }, relativePath: "film.mp4", handle: large },
      { file: { name: "a.txt", size: 1 }, relativePath: "a.txt" },
    ]);
    expect(batches.flat()[1]).not.toHaveProperty("handle");
    expect(summary.fileCount).toBe(2);
  });

  test("counts a file that went away after it was chosen, and reads on", async () => {
    const { sink, paths } = recordingSink();
    const gone = handleOf("gone.bin", new DOMException("gone", "NotFoundError"));
    const summary = await readPicked([gone, handleOf("a.txt", 1)], sink, never);
    expect(paths()).toEqual(["a.txt"]);
    expect(summary).toEqual({ fileCount: 1, skippedCount: 0, unreadableCount: 1 });
  });
});
