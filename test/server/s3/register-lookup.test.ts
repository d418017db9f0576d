import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lookUp } from "../../../server/s3/register-lookup.ts";
import {
  REGISTER_PREFIX,
  registerName,
  registerPath,
  type RegisterState,
} from "../../../server/s3/register-name.ts";

interface Written {
  readonly key: string;
  readonly uploadId: string;
  readonly state: RegisterState;
  /** Seconds. */
  readonly at: number;
}

/** A register with pages of `pageSize` names that counts how often it is asked. */
function register(written: readonly Written[], pageSize: number) {
  const objects = written
    .map((one) => ({ name: registerName(one, 5, one.state), heardAt: new Date(one.at * 1000) }))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const asked: string[] = [];
  const list = async (prefix: string, after: string) => {
    asked.push(after);
    const rest = objects.filter(({ name }) => name.startsWith(prefix) && name > after);
    return { objects: rest.slice(0, pageSize), isLast: rest.length <= pageSize };
  };
  return { list, asked };
}

const key = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 1, maxLength: 4 }),
  fc.constantFrom("k".repeat(300), "k".repeat(301), "k".repeat(302)),
);
const upload = fc.record({ key, uploadId: fc.constantFrom("u", "v", "w") });
const written = fc.uniqueArray(
  fc.record({
    key,
    uploadId: fc.constantFrom("u", "v", "w"),
    state: fc.constantFrom("open" as const, "paused" as const),
    at: fc.nat(5),
  }),
  { maxLength: 40, selector: (one) => registerName(one, 5, one.state) },
);

describe("lookUp", () => {
  it("finds what is there, of either state the later, however long pages are", async () => {
    await fc.assert(
      fc.asyncProperty(
        written,
        fc.array(upload),
        fc.integer({ min: 1, max: 7 }),
        async (all, uploads, size) => {
          const { list, asked } = register(all, size);
          const { of } = await lookUp(uploads, list);
          for (const one of uploads) {
            const own = all.filter((entry) => registerPath(entry) === registerPath(one));
            const last = Math.max(...own.map(({ at }) => at));
            const states = own.filter(({ at }) => at === last).map(({ state }) => state);
            const state = states.includes("open") ? "open" : states[0];
            const { names = [], ...found } = of(one) ?? {};
            expect(names.toSorted()).toEqual(
              own.map((entry) => registerName(entry, 5, entry.state)).toSorted(),
            );
            expect(found).toEqual(
              own.length === 0 ? {} : { state, heardAt: new Date(last * 1000), fileSizeBytes: 5 },
            );
            if (own.length > 0) expect(names[0]).toBe(registerName(one, 5, state ?? "open"));
          }
          const distinct = new Set(uploads.map(registerPath)).size;
          expect(asked.length).toBeLessThanOrEqual(distinct + all.length / size + 1);
        },
      ),
    );
  });

  it("comes across everything between two uploads, where it is told where to begin", async () => {
    const entry = (name: string): Written => ({ key: name, uploadId: "u", state: "open", at: 1 });
    const { list } = register(["a", "b", "c", "d"].map(entry), 10);
    const from = { prefix: REGISTER_PREFIX, after: registerPath({ key: "a", uploadId: "~" }) };
    const { others } = await lookUp([{ key: "c", uploadId: "u" }], list, from);
    expect([...others.keys()]).toEqual(["b", "d"].map((name) => registerPath(entry(name))));
  });

  it("finds what sorts before where it is told to begin, as uploads of one key by their age do", async () => {
    const uploads = ["z", "a"].map((uploadId) => ({ key: "film", uploadId }));
    const { list } = register(
      uploads.map((one) => ({ ...one, state: "open" as const, at: 1 })),
      10,
    );
    const from = { prefix: REGISTER_PREFIX, after: registerPath({ key: "film", uploadId: "m" }) };
    const { of } = await lookUp(uploads, list, from);
    expect(uploads.map((one) => of(one)?.state)).toEqual(["open", "open"]);
  });

  it("keeps a page of what nobody asked for, and no more", async () => {
    const entries = Array.from({ length: 5000 }, (_, index) => ({
      key: `m${index}`,
      uploadId: "u",
      state: "open" as const,
      at: 1,
    }));
    const { list } = register(entries, 100);
    const { others } = await lookUp([{ key: "z", uploadId: "u" }], list, {
      prefix: REGISTER_PREFIX,
      after: "",
    });
    expect(others.size).toBeLessThanOrEqual(1000);
    const all = await lookUp(
      entries.filter((_, index) => index % 2 === 0),
      list,
      { prefix: REGISTER_PREFIX, after: "" },
    );
    expect(all.others.size).toBe(1000);
    expect(all.of({ key: "m4998", uploadId: "u" })?.state).toBe("open");
  });

  it("goes past what lies between uploads far apart", async () => {
    const between = Array.from({ length: 5000 }, (_, index) => ({
      key: `m${String(index).padStart(4, "0")}`,
      uploadId: "u",
      state: "open" as const,
      at: 1,
    }));
    const { list, asked } = register(between, 10);
    await lookUp(
      ["a", "z"].map((name) => ({ key: name, uploadId: "u" })),
      list,
    );
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it("asks nothing about no upload", async () => {
    const { list, asked } = register([], 10);
    await lookUp([], list);
    expect(asked).toEqual([]);
  });
});
