import { MAX_SURVEYED_KEYS, type KeySurveyLine } from "../../../shared/admin-api.ts";
import { createKeyDistribution, type KeyDistribution } from "../../../shared/key-distribution.ts";
import { keySpreads } from "../../../shared/key-spread.ts";
import { MAX_PAGE_SIZE } from "../../../shared/limits.ts";
import { isReservedKey, RESERVED_PREFIX } from "../../../shared/reserved-key.ts";
import type { ListedPage, Listing, Storage } from "../../s3/index.ts";
import { md5Hex } from "../choose-key.ts";
import { BEHIND_RESERVED } from "../objects.ts";

/** What a survey of keys works with. */
export interface SurveyPorts {
  readonly storage: Pick<Storage, "listObjects">;
  readonly now: () => Date;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

type Survey = Extract<KeySurveyLine, { type: "survey" }>;

/** Between two lines, in milliseconds: an eye follows it, and a browser draws it. */
const LINE_EVERY_MS = 500;

/**
 * Walks the keys behind a prefix and tells all that is known of them, again and again; the first line comes with
 * the first page. It ends at 200,000 keys, and waits while nobody reads.
 * @throws ProblemError; the signal's reason
 */
export async function* surveyKeys(
  prefix: string,
  signal: AbortSignal,
  { storage, now, random }: SurveyPorts,
): AsyncGenerator<Survey, void, undefined> {
  const keys = createKeyDistribution(random);
  let next: Listing | null = { prefix, limit: MAX_PAGE_SIZE };
  let toldAtMs = -Infinity;
  let lastKey: string | null = null;
  const spreads = createSpreads(keys, prefix, random);
  while (next !== null) {
    signal.throwIfAborted();
    const page: ListedPage = await storage.listObjects({ ...next, signal });
    lastKey = addPage(keys, page) ?? lastKey;
    const isFull = keys.tree.count >= MAX_SURVEYED_KEYS;
    const following = behind(page, prefix);
    next = isFull ? null : following;
    const nowMs = now().getTime();
    if (next !== null && nowMs - toldAtMs < LINE_EVERY_MS) continue;
    toldAtMs = nowMs;
    const isPartial = isFull && following !== null;
    const done = next === null;
    yield { ...describe(keys), ...spreads(done), done, isPartial, lastKey };
  }
}

/** Returns the last key that counts. */
function addPage(keys: KeyDistribution, page: ListedPage): string | undefined {
  const visible = page.objects.filter(({ key }) => !isReservedKey(key));
  for (const { key, sizeBytes, lastModified } of visible) {
    keys.add({ key, modifiedMs: lastModified.getTime() }, sizeBytes);
  }
  return visible.at(-1)?.key;
}

/** The server's own keys stand together and may be many: the walk steps over them. */
function behind({ objects, nextCursor }: ListedPage, prefix: string): Listing | null {
  if (nextCursor === null) return null;
  const listing = { prefix, limit: MAX_PAGE_SIZE };
  return objects.at(-1)?.key.startsWith(RESERVED_PREFIX)
    ? { ...listing, startAfter: BEHIND_RESERVED }
    : { ...listing, cursor: nextCursor };
}

function describe({ tree, histogram }: KeyDistribution) {
  const { widthMs, bars } = histogram();
  return {
    type: "survey" as const,
    keysSeen: tree.count,
    bytes: tree.bytes,
    tree: [...tree.blocks()],
    modified: { widthMs, bars: [...bars] },
  };
}

/** Trying strategies takes some 50 ms: it is done anew where there are twice as many keys, and at the end. */
function createSpreads(keys: KeyDistribution, prefix: string, random: () => number) {
  let triedAt = 0;
  let told: Pick<Survey, "sampledKeys" | "strategies"> = { sampledKeys: 0, strategies: [] };
  return (isLast: boolean) => {
    if (!isLast && triedAt > 0 && keys.tree.count < 2 * triedAt) return told;
    triedAt = keys.tree.count;
    const sample = keys.sample();
    const spreads = keySpreads(sample, { prefix, md5Hex, random });
    const strategies = spreads.map((spread) => ({ ...spread, ranges: [...spread.ranges] }));
    return (told = { sampledKeys: sample.length, strategies });
  };
}
