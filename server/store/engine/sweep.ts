import { setImmediate as nextTurn } from "node:timers/promises";
import { removeObject, removeUpload } from "../catalogue/ownership.ts";
import type { ObjectRecord, UploadRecord } from "../catalogue/records.ts";
import { afterKey, bucketRows, keyOfObjectRow } from "../catalogue/row-key.ts";
import type { EngineContext } from "./context.ts";
import type { LifecycleRule, SweepReport } from "../engine.ts";
import { abortOf, expirationOf } from "./lifecycle.ts";
import { releaseAll } from "./release.ts";
import type { Table } from "../catalogue/catalogue.ts";

/** Rows looked at in one turn of the event loop, and removed in one transaction. */
const STEP_ROWS = 500;

/** How long a repeated completion is answered, in milliseconds. */
const COMPLETION_LIFETIME_MS = 24 * 60 * 60 * 1000;

interface Report {
  readonly abortedUploads: { bucket: string; key: string; uploadId: string }[];
  readonly expiredObjects: { bucket: string; key: string }[];
}

/**
 * Executes the lifecycle rules of all buckets as of `now`, in steps between which requests are served.
 * @throws the signal's reason, between steps
 */
export async function sweep(
  context: EngineContext,
  now: number,
  signal?: AbortSignal,
): Promise<SweepReport> {
  const { tables } = context.catalogue;
  const report: Report = { abortedUploads: [], expiredObjects: [] };
  await forgetCompletions(context, now, signal);
  for (const { key: bucket, value } of Array.from(tables.buckets.getRange())) {
    const rules = (value.documents.lifecycle ?? []).filter(({ isEnabled }) => isEnabled);
    if (rules.length === 0) continue;
    const range = bucketRows(value.bucketNumber);
    for await (const step of steps(tables.uploads, range, signal)) {
      report.abortedUploads.push(...(await abortDue(context, bucket, rules, step, now)));
    }
    for await (const step of steps(tables.objects, range, signal)) {
      report.expiredObjects.push(...(await expireDue(context, bucket, rules, step, now)));
    }
  }
  return report;
}

/** All rows of a range, some at a time; each step begins where the one before ended. */
async function* steps<V>(
  table: Table<V>,
  range: { start: Buffer; end: Buffer },
  signal: AbortSignal | undefined,
): AsyncGenerator<{ key: Buffer; value: V }[]> {
  let { start } = range;
  for (;;) {
    signal?.throwIfAborted();
    const rows = Array.from(table.getRange({ start, end: range.end, limit: STEP_ROWS }));
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    start = afterKey(last.key);
    await nextTurn();
  }
}

async function abortDue(
  { catalogue, files }: EngineContext,
  bucket: string,
  rules: readonly LifecycleRule[],
  step: readonly { key: Buffer; value: UploadRecord }[],
  now: number,
): Promise<Report["abortedUploads"]> {
  const due = step.filter(({ value }) => (abortOf(rules, value)?.at ?? Infinity) <= now);
  if (due.length === 0) return [];
  const { tables } = catalogue;
  const { aborted, released } = await catalogue.write(() => {
    const open = due.filter(({ key }) => tables.uploads.doesExist(key));
    return {
      aborted: open.map(({ value: { key, uploadId } }) => ({ bucket, key, uploadId })),
      released: open.flatMap(({ key, value }) => removeUpload(tables, key, value.uploadId)),
    };
  }, "release");
  releaseAll(files, released);
  return aborted;
}

async function expireDue(
  { catalogue, files }: EngineContext,
  bucket: string,
  rules: readonly LifecycleRule[],
  step: readonly { key: Buffer; value: ObjectRecord }[],
  now: number,
): Promise<Report["expiredObjects"]> {
  const isDue = (row: Buffer, record: ObjectRecord): boolean =>
    (expirationOf(rules, { ...record, key: keyOfObjectRow(row) })?.at ?? Infinity) <= now;
  const due = step.filter(({ key, value }) => isDue(key, value));
  if (due.length === 0) return [];
  const { tables } = catalogue;
  const { expired, released } = await catalogue.write(() => {
    // Whoever wrote the key anew in the meantime keeps it.
    const still = due.filter(({ key }) => {
      const record = tables.objects.get(key);
      return record && isDue(key, record);
    });
    return {
      expired: still.map(({ key }) => ({ bucket, key: keyOfObjectRow(key) })),
      released: still.flatMap(({ key }) => removeObject(tables, key)),
    };
  }, "release");
  releaseAll(files, released);
  return expired;
}

async function forgetCompletions(
  { catalogue }: EngineContext,
  now: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { tables } = catalogue;
  const everything = { start: Buffer.of(0), end: Buffer.alloc(17, 0xff) };
  for await (const step of steps(tables.completions, everything, signal)) {
    const old = step.filter(({ value }) => value.completedAt + COMPLETION_LIFETIME_MS <= now);
    if (old.length === 0) continue;
    await catalogue.write(() => {
      for (const { key } of old) tables.completions.removeSync(key);
    });
  }
}
