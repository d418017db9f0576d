import type { Liveness } from "../../../../shared/admin-api.ts";
import { formatBytes, formatCount, percentOf } from "../../format/byte-size.ts";
import { formatTinyUsd } from "../../format/price.ts";
import { formatAgo } from "../../format/time-ago.ts";
import { costOf } from "./arrangement.ts";
import { isMeasured, livenessOf, type UploadTable } from "./upload-table.ts";

/** What a row of the list says; empty where there is nothing to say. */
export interface RowText {
  readonly key: string;
  /** File name where it says more than the key, and who sends it. */
  readonly about: string;
  readonly liveness: Liveness;
  readonly life: string;
  /** How much of the file is there, or since when nobody was heard of. */
  readonly lifeNote: string;
  readonly started: string;
  readonly held: string;
  readonly parts: string;
  readonly lastPart: string;
  readonly initiator: string;
  readonly storageClass: string;
  readonly cost: string;
  readonly ends: string;
}

/** Names of lives, as filters and totals have them. */
export const LIFE_NAMES: Readonly<Record<Liveness, string>> = {
  uploading: "Uploading now",
  paused: "Paused",
  abandoned: "Abandoned",
  unknown: "Unknown",
};

/** A row in words. @param nowMs milliseconds since 1970 */
export function describeRow(
  table: UploadTable,
  row: number,
  nowMs: number,
  failed = false,
): RowText {
  const at = (column: readonly number[]) => column[row] ?? Number.NaN;
  const liveness = livenessOf(table, row);
  const measured = isMeasured(table, row);
  const unmeasured = failed ? "could not be counted" : "…";
  const lastPartAtMs = at(table.lastPartAtMs);
  return {
    key: table.keys[row] ?? "",
    about: aboutOf(table, row),
    liveness,
    life: lifeOf(liveness, at(table.heardAtMs), nowMs),
    lifeNote: noteOf(table, row, liveness, nowMs),
    started: formatAgo(at(table.initiatedAtMs), nowMs),
    held: measured ? formatBytes(at(table.heldBytes)) : unmeasured,
    parts: measured ? partsText(at(table.partCounts)) : "",
    lastPart: Number.isNaN(lastPartAtMs)
      ? measured
        ? "none"
        : ""
      : formatAgo(lastPartAtMs, nowMs),
    initiator: table.initiators[row] ?? "",
    storageClass: table.storageClasses[row] ?? "",
    cost: measured ? costText(costOf(table, row)) : "",
    ends: endsText(at(table.abortsAtMs), nowMs),
  };
}

/** Parts of an upload: `1 part`, `10,000 parts`. */
function partsText(count: number): string {
  return count === 1 ? "1 part" : `${formatCount(count)} parts`;
}

/** Uploads: `1 upload`, `10,000 uploads`. */
export function uploadsText(count: number): string {
  return count === 1 ? "1 upload" : `${formatCount(count)} uploads`;
}

/** A cost a month: `$0`, `$1.20`, `less than $0.0001`. */
export function costText(usd: number): string {
  if (usd === 0) return "$0";
  return usd < 0.0001 ? "less than $0.0001" : formatTinyUsd(usd);
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** When a rule ends an upload: `in 3 days`, `due`, `no rule`. */
export function endsText(abortsAtMs: number, nowMs: number): string {
  if (Number.isNaN(abortsAtMs)) return "no rule";
  const leftMs = abortsAtMs - nowMs;
  if (leftMs <= 0) return "due";
  if (leftMs < DAY_MS) return relative.format(Math.ceil(leftMs / HOUR_MS), "hour");
  return relative.format(Math.ceil(leftMs / DAY_MS), "day");
}

const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A time to the second, in this device's zone; empty for NaN. */
export function exactTime(ms: number): string {
  return Number.isNaN(ms) ? "" : exact.format(ms);
}

function aboutOf(table: UploadTable, row: number): string {
  const fileName = table.fileNames[row];
  const key = table.keys[row] ?? "";
  const isInKey = fileName === undefined || key === fileName || key.endsWith(`/${fileName}`);
  const owner = table.owners[row];
  const parts = [isInKey ? "" : `“${fileName}”`, owner === undefined ? "" : `by ${owner}`];
  return parts.filter((part) => part !== "").join(" ");
}

function lifeOf(liveness: Liveness, heardAtMs: number, nowMs: number): string {
  const since = liveness === "paused" && !Number.isNaN(heardAtMs);
  return since ? `Paused ${formatAgo(heardAtMs, nowMs)}` : LIFE_NAMES[liveness];
}

function noteOf(table: UploadTable, row: number, liveness: Liveness, nowMs: number): string {
  if (liveness === "unknown") return "not opened here";
  const notes: string[] = [];
  const fileSizeBytes = table.fileSizeBytes[row] ?? Number.NaN;
  if (!Number.isNaN(fileSizeBytes)) {
    const percent = percentOf(table.heldBytes[row] ?? 0, fileSizeBytes);
    const share = isMeasured(table, row) ? `${percent} % ` : "";
    notes.push(`${share}of ${formatBytes(fileSizeBytes)}`);
  }
  const heardAtMs = table.heardAtMs[row] ?? Number.NaN;
  if (liveness === "abandoned" && !Number.isNaN(heardAtMs)) {
    notes.push(`heard ${formatAgo(heardAtMs, nowMs)}`);
  }
  return notes.join(", ");
}
