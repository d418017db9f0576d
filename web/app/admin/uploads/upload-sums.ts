import type { Liveness } from "../../../../shared/admin-api.ts";
import { costOf } from "./arrangement.ts";
import { LIVENESS, type UploadTable } from "./upload-table.ts";

/** Some uploads together. */
export interface Sum {
  readonly count: number;
  /** How many of them were measured; the two figures below are of those alone. */
  readonly measured: number;
  readonly heldBytes: number;
  /** In US dollars a month. */
  readonly costUsd: number;
}

/** All of some uploads, and by their lives. */
export interface UploadSums extends Sum {
  readonly by: Readonly<Record<Liveness, Sum>>;
  /** Milliseconds since 1970; infinite where there is no upload. */
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** Adds up the rows. */
export function sumUp(table: UploadTable, rows: Iterable<number>): UploadSums {
  const parts = LIVENESS.map(() => ({ count: 0, measured: 0, heldBytes: 0, costUsd: 0 }));
  let oldestMs = Infinity;
  let newestMs = -Infinity;
  for (const row of rows) {
    const part = parts[table.liveness[row] ?? 0];
    if (part === undefined) continue;
    const initiatedAtMs = table.initiatedAtMs[row] ?? Number.NaN;
    oldestMs = Math.min(oldestMs, initiatedAtMs);
    newestMs = Math.max(newestMs, initiatedAtMs);
    part.count += 1;
    const heldBytes = table.heldBytes[row] ?? Number.NaN;
    if (Number.isNaN(heldBytes)) continue;
    part.measured += 1;
    part.heldBytes += heldBytes;
    part.costUsd += costOf(table, row);
  }
  const [uploading = NOTHING, paused = NOTHING, abandoned = NOTHING, unknown = NOTHING] = parts;
  const by = { uploading, paused, abandoned, unknown };
  return { ...parts.reduce(add, NOTHING), by, oldestMs, newestMs };
}

const NOTHING: Sum = { count: 0, measured: 0, heldBytes: 0, costUsd: 0 };

function add(one: Sum, other: Sum): Sum {
  return {
    count: one.count + other.count,
    measured: one.measured + other.measured,
    heldBytes: one.heldBytes + other.heldBytes,
    costUsd: one.costUsd + other.costUsd,
  };
}
