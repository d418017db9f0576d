import { describe, expect, test } from "vitest";
import type { SchemaResponse } from "../../../../../shared/select-api.ts";
import { BackendError } from "../../../../../web/app/backend.ts";
import { ObjectLook } from "../../../../../web/app/query/object/object-look.svelte.ts";

const SCHEMA: SchemaResponse = {
  format: "csv",
  compression: "none",
  columns: [],
  rows: [],
  sizeBytes: 1,
  etag: '"e"',
};
const ARCHIVED = new BackendError("object-archived", "archived");

/** A look at a storage that answers these, one after another; what was waited for is kept. */
function scene(...answers: readonly (SchemaResponse | Error)[]) {
  const left = [...answers];
  const waits: number[] = [];
  const known: SchemaResponse[] = [];
  const look = new ObjectLook((schema) => void known.push(schema), {
    load: async () => {
      const answer = left.shift() ?? new Error("asked too often");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    restore: async () => ({ state: "restoring", archive: "GLACIER", takes: "3 to 5 hours" }),
    wait: async (delayMs) => void waits.push(delayMs),
  });
  return { look, waits, known };
}

describe("a look at an object", () => {
  test("tells what it is", async () => {
    const { look, known } = scene(SCHEMA);
    await look.look("a.csv");
    expect(look.state).toEqual({ kind: "known", key: "a.csv", schema: SCHEMA });
    expect(known).toEqual([SCHEMA]);
  });

  test("tells what keeps it from being seen, and of no key nothing", async () => {
    const { look } = scene(ARCHIVED);
    await look.look("a.csv");
    expect(look.state).toMatchObject({ kind: "failed", problem: { code: "object-archived" } });
    await look.look("");
    expect(look.state).toEqual({ kind: "none" });
  });

  test("is overtaken by the next one", async () => {
    const left: ((schema: SchemaResponse) => void)[] = [];
    const known: SchemaResponse[] = [];
    const look = new ObjectLook((schema) => void known.push(schema), {
      load: (_, signal) =>
        new Promise((resolve, reject) => {
          left.push(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
      restore: () => Promise.reject(new Error("not asked")),
      wait: async () => undefined,
    });
    const first = look.look("a.csv");
    const second = look.look("b.csv");
    left[0]?.(SCHEMA);
    left[1]?.({ ...SCHEMA, etag: '"b"' });
    await Promise.all([first, second]);
    expect(look.state).toMatchObject({ key: "b.csv" });
    expect(known.map(({ etag }) => etag)).toEqual(['"b"']);
  });

  test("waits for a restored object longer and longer, and says how long it takes", async () => {
    const { look, waits, known } = scene(...Array(6).fill(ARCHIVED), SCHEMA);
    const restoring = look.restore("a.csv");
    await Promise.resolve();
    await Promise.resolve();
    expect(look.state).toMatchObject({ kind: "restoring", takes: "3 to 5 hours" });
    await restoring;
    expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    expect(known).toEqual([SCHEMA]);
  });

  test("stops waiting where the object is gone", async () => {
    const { look } = scene(ARCHIVED, new BackendError("not-found", "gone"));
    await look.restore("a.csv");
    expect(look.state).toMatchObject({ kind: "failed", problem: { code: "not-found" } });
  });
});
