import { strict as assert } from "node:assert";
import type { ResumeStore } from "../../../../web/transfer/resume/resume-store.ts";
import {
  RECORD_LIFE_MS,
  type UploadRecord,
} from "../../../../web/transfer/resume/upload-record.ts";
import { heldParts, recordOf } from "./records.ts";

/** A browser's storage, empty at first. */
export interface StoreScene {
  readonly store: ResumeStore;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: number;
  /** The store of the next visit. */
  reload(): Promise<ResumeStore>;
}

interface StoreRule {
  readonly name: string;
  check(scene: StoreScene): Promise<void>;
}

const recordsOf = async (store: ResumeStore): Promise<UploadRecord[]> =>
  (await store.load()).map(({ record }) => record);

/** A large record, with room for 10,000 parts. */
const recordOfParts = (startedAt: number, count: number) =>
  recordOf({ startedAt, sizeBytes: 10_000_000, parts: heldParts(count, 1000) });

/** What every store of records does, whatever it is made of. */
export const RESUME_STORE_RULES: readonly StoreRule[] = [
  {
    name: "holds nothing at first",
    async check({ store }) {
      assert.deepEqual(await store.load(), []);
    },
  },
  {
    name: "gives back on the next visit what was saved",
    async check({ store, now, reload }) {
      const records = ["a", "b"].map((recordId) => recordOf({ recordId, startedAt: now }));
      for (const record of records) await store.save(record);
      const next = await reload();
      assert.deepEqual(
        (await recordsOf(next)).toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1)),
        records,
      );
    },
  },
  {
    name: "keeps the order of saves that did not wait for one another",
    async check({ store, now, reload }) {
      const [first, last] = [10_000, 300].map((count) => recordOfParts(now, count));
      assert.ok(first && last);
      await Promise.all([store.save(first), store.save(last)]);
      assert.deepEqual(await recordsOf(await reload()), [last]);
    },
  },
  {
    name: "gives back 10,000 parts, one of which changed, as they were saved last",
    async check({ store, now, reload }) {
      const record = recordOfParts(now, 10_000);
      await store.save(record);
      const parts = record.parts.map((part) =>
        part.partNumber === 7000 ? { ...part, etag: null, checksum: null } : part,
      );
      await store.save({ ...record, parts });
      assert.deepEqual(await recordsOf(await reload()), [{ ...record, parts }]);
    },
  },
  {
    name: "gives back parts that became more, on another visit, and fewer again",
    async check({ store, now, reload }) {
      await store.save(recordOfParts(now, 256));
      let next = await reload();
      await next.load();
      await next.save(recordOfParts(now, 600));
      assert.deepEqual(await recordsOf(next), [recordOfParts(now, 600)]);
      await next.save(recordOfParts(now, 3));
      next = await reload();
      assert.deepEqual(await recordsOf(next), [recordOfParts(now, 3)]);
    },
  },
  {
    name: "forgets what was removed, also while it was being saved",
    async check({ store, now, reload }) {
      const record = recordOf({ startedAt: now });
      await store.save(record);
      await Promise.all([store.save(record), store.remove(record.recordId)]);
      assert.deepEqual(await recordsOf(await reload()), []);
    },
  },
  {
    name: "has nothing against removing what it does not know",
    async check({ store }) {
      await store.remove("never saved");
    },
  },
  {
    name: "throws away what is older than its upload ID, and keeps the rest",
    async check({ store, now, reload }) {
      const old = recordOf({ recordId: "old", startedAt: now - RECORD_LIFE_MS - 1000 });
      const young = recordOf({ recordId: "young", startedAt: now - RECORD_LIFE_MS + 3_600_000 });
      await store.save(old);
      await store.save(young);
      assert.deepEqual(await recordsOf(store), [young]);
      assert.deepEqual(await recordsOf(await reload()), [young]);
    },
  },
];
