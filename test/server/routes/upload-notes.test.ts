import { describe, expect, it } from "vitest";
import { createUploadNotes } from "../../../server/routes/upload-notes.ts";
import type { IssuedStatement } from "../../../server/routes/upload-id.ts";
import type { UploadRegister } from "../../../server/s3/index.ts";

const ignore = () => undefined;

function statement(uploadId: string): IssuedStatement {
  return {
    bucket: "bucket",
    key: "film.mp4",
    owner: "ada",
    ifAbsent: true,
    tag: "tag",
    how: {
      method: "multipart",
      uploadId,
      sizeBytes: 5,
      partSizes: "free",
      partSizeBytes: 5,
      partCount: null,
      declared: null,
      maxBytes: null,
      file: { name: "Film.mp4", lastModified: 7 },
    },
  };
}

/** Notes at a time of the test's choosing, and what a register was told. */
function take(fails: () => boolean = () => false) {
  const clock = { ms: 0 };
  const told: string[] = [];
  let held = Promise.resolve();
  /** From now on the register answers nothing until it is released. */
  const hold = () => {
    let release = ignore;
    held = new Promise((resolve) => (release = () => void resolve()));
    return () => release();
  };
  const tell = async (what: string) => {
    told.push(what);
    await held;
    if (fails()) throw new Error("refused");
  };
  const register: Pick<UploadRegister, "write" | "remove"> = {
    write: ({ note, state, isChange }) =>
      tell(`${note.uploadId} ${state}${isChange ? " changed" : ""}`),
    remove: ({ uploadId }) => tell(`${uploadId} removed`),
  };
  return { clock, told, hold, notes: createUploadNotes(register, () => new Date(clock.ms)) };
}

describe("what the register is told", () => {
  it("is written once in ten seconds, and at once where the state changes", async () => {
    const { clock, told, notes } = take();
    const film = statement("u");
    await notes.opened(film, ignore);
    for (const [ms, state] of [
      [9_999, "uploading"],
      [10_000, "uploading"],
      [10_001, "paused"],
      [10_002, "paused"],
      [10_003, "uploading"],
      [20_002, "uploading"],
      [20_003, "uploading"],
    ] as const) {
      clock.ms = ms;
      await notes.heard(film, state, ignore);
    }
    expect(told).toEqual(["u open", "u open", "u paused changed", "u open changed", "u open"]);
  });

  it("takes what another server opened for a change", async () => {
    const { told, notes } = take();
    await notes.heard(statement("u"), "paused", ignore);
    expect(told).toEqual(["u paused changed"]);
  });

  it("is taken back at the end", async () => {
    const { told, notes } = take();
    await notes.opened(statement("u"), ignore);
    await notes.ended(statement("u"), ignore);
    expect(told).toEqual(["u open", "u removed"]);
  });

  it("is not written again by a heartbeat that comes after the end", async () => {
    const { clock, told, notes } = take();
    await notes.opened(statement("u"), ignore);
    await notes.ended(statement("u"), ignore);
    clock.ms = 60_000;
    await notes.heard(statement("u"), "uploading", ignore);
    await notes.aborted({ key: "film.mp4", uploadId: "v" }, undefined, ignore);
    await notes.heard(statement("v"), "paused", ignore);
    expect(told).toEqual(["u open", "u removed"]);
  });

  it("goes to the storage one after the other, as it was said", async () => {
    const { told, notes, hold } = take();
    const release = hold();
    const film = statement("u");
    const all = [
      notes.opened(film, ignore),
      notes.heard(film, "paused", ignore),
      notes.ended(film, ignore),
      notes.opened(statement("v"), ignore),
    ];
    await new Promise(setImmediate);
    expect(told).toEqual(["u open", "v open"]);
    release();
    await Promise.all(all);
    expect(told).toEqual(["u open", "v open", "u paused changed", "u removed"]);
  });

  it("says nothing of files in one request", async () => {
    const { told, notes } = take();
    const single: IssuedStatement = {
      ...statement("u"),
      how: { method: "put", sizeBytes: 5, headers: {}, checksum: null },
    };
    await notes.opened(single, ignore);
    await notes.heard(single, "paused", ignore);
    await notes.ended(single, ignore);
    expect(told).toEqual([]);
  });

  it("remembers the last ten thousand uploads", async () => {
    const { told, notes } = take();
    for (let index = 0; index <= 10_000; index++)
      await notes.opened(statement(`u${index}`), ignore);
    await notes.heard(statement("u1"), "uploading", ignore);
    expect(told).toHaveLength(10_001);
    await notes.heard(statement("u0"), "uploading", ignore);
    expect(told).toHaveLength(10_002);
  });

  it("fails nothing where it cannot be written, and is reported once until it can", async () => {
    let isRefused = true;
    const { notes } = take(() => isRefused);
    const reported: unknown[] = [];
    const report = (error: unknown) => void reported.push(error);
    await notes.opened(statement("a"), report);
    await notes.ended(statement("a"), report);
    expect(reported).toEqual([new Error("refused")]);
    isRefused = false;
    await notes.opened(statement("b"), report);
    isRefused = true;
    await notes.opened(statement("c"), report);
    expect(reported).toHaveLength(2);
  });
});
