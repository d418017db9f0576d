import type { UploadTotals } from "../../transfer/index.ts";
import { formatCount, percentOf } from "../format/byte-size.ts";
import { isOver } from "./announcement.ts";

/** The tab's title: how far everything is, then what became of it. */
export function pageTitle(totals: UploadTotals, pageName: string): string {
  const { failed, done } = totals.countByState;
  if (totals.fileCount === 0) return `${pageName} · Sluice`;
  if (!isOver(totals)) return `${percentOf(totals.sentBytes, totals.sizeBytes)} % · Sluice`;
  if (failed > 0) return `${formatCount(failed)} failed · Sluice`;
  return done > 0 ? "Done · Sluice" : `${pageName} · Sluice`;
}
