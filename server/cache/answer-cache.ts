import { LRUCache } from "lru-cache";
import type { SelectCounts } from "../../shared/select/select-request.ts";

/** All that a query answered. */
export interface KeptAnswer {
  readonly engine: "native" | "embedded";
  readonly records: Uint8Array;
  readonly counts: SelectCounts;
}

/** Whole answers by what was asked about which version of which object. Neither function ever rejects. */
export interface AnswerCache {
  get(key: string): Promise<KeptAnswer | undefined>;
  /** Keeps an answer, as long as there is room and nothing newer wants it. */
  set(key: string, answer: KeptAnswer): Promise<void>;
}

const MAX_BYTES = 32 * 1024 * 1024;

/** An answer that is longer is not kept, in bytes. */
export const MAX_KEPT_BYTES = 1024 * 1024;

/** Key, counts and what the cache itself needs, in bytes. */
const ENTRY_BYTES = 512;

/**
 * Keeps answers in the memory of this process; those that were not asked for longest go first.
 * @param mostBytes of all answers together; one of more than 1 MiB is not kept
 */
export function createAnswerCache(mostBytes = MAX_BYTES): AnswerCache {
  const answers = new LRUCache<string, KeptAnswer>({
    maxSize: mostBytes,
    maxEntrySize: MAX_KEPT_BYTES + ENTRY_BYTES,
    sizeCalculation: ({ records }) => records.length + ENTRY_BYTES,
  });
  return {
    get: async (key) => answers.get(key),
    async set(key, answer) {
      // Small buffers are parts of larger ones, which they would keep alive.
      answers.set(key, { ...answer, records: new Uint8Array(answer.records) });
    },
  };
}
