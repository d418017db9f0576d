import type { PartMark } from "../../transfer/index.ts";

/** One cell of the strip: many parts of a large file share one. */
export interface StripCell {
  /** `again` outranks `sending`, which outranks what lies still: trouble is never averaged away. */
  readonly tone: "waiting" | "sending" | "again" | "held";
  /** Share of its parts that the storage holds, in quarters (0, 0.25 … 1). */
  readonly held: number;
}

/** Neighbouring cells that look alike, as a half-open range of the strip's width (0 to 1). */
export interface StripRun extends StripCell {
  readonly start: number;
  readonly end: number;
}

/** The parts that the strip shows, and the share of its width that they take (0 to 1). */
export interface StripStretch {
  readonly parts: readonly PartMark[];
  readonly width: number;
}

/**
 * Lays the parts out by bytes. Their ranges are cut on the way, in sizes of their own, so that their
 * number says nothing about how far the file is: the stretch is as wide as makes what is painted of
 * it, parts held and parts under way, the share of the bytes that were sent.
 * @param sentShare 0 to 1
 */
export function stripStretch(parts: readonly PartMark[], sentShare: number): StripStretch {
  const shown = parts.slice(0, parts.findLastIndex((mark) => mark !== 0) + 1);
  const painted = shown.filter((mark) => mark !== 0).length;
  if (painted === 0) return { parts: [], width: 0 };
  return { parts: shown, width: Math.min(1, sentShare * (shown.length / painted)) };
}

/**
 * Folds the parts of one upload into at most `maxCells` cells, in order, each of nearly as many parts.
 * @param maxCells 1 and more
 */
export function stripCells(parts: readonly PartMark[], maxCells = 120): StripCell[] {
  const count = Math.min(parts.length, maxCells);
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor((index * parts.length) / count);
    const end = Math.floor(((index + 1) * parts.length) / count);
    return foldCell(parts, first, end);
  });
}

/** Joins neighbours that look alike, so that a finished stretch is one stripe and not a hundred. */
export function stripRuns(cells: readonly StripCell[]): StripRun[] {
  const runs: StripRun[] = [];
  cells.forEach((cell, index) => {
    const start = index / cells.length;
    const end = (index + 1) / cells.length;
    const last = runs.at(-1);
    if (last && last.tone === cell.tone && last.held === cell.held) {
      runs[runs.length - 1] = { ...last, end };
    } else {
      runs.push({ ...cell, start, end });
    }
  });
  return runs;
}

/** The strip as one CSS gradient over the custom properties `--part-*`: no element a part. */
export function stripGradient(runs: readonly StripRun[]): string {
  const stops = runs.map((run) => `${runColour(run)} ${percent(run.start)} ${percent(run.end)}`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

function foldCell(parts: readonly PartMark[], first: number, end: number): StripCell {
  let held = 0;
  let sending = 0;
  let again = 0;
  for (let index = first; index < end; index += 1) {
    const mark = parts[index];
    if (mark === 3) held += 1;
    else if (mark === 2) again += 1;
    else if (mark === 1) sending += 1;
  }
  const share = Math.floor((held / (end - first)) * 4) / 4;
  if (again > 0) return { tone: "again", held: share };
  if (sending > 0) return { tone: "sending", held: share };
  return { tone: share === 1 ? "held" : "waiting", held: share };
}

function runColour(run: StripRun): string {
  if (run.tone === "again") return "var(--part-again)";
  if (run.tone === "sending") return "var(--part-sending)";
  if (run.held === 0) return "var(--part-waiting)";
  if (run.held === 1) return "var(--part-held)";
  return `color-mix(in oklab, var(--part-held) ${run.held * 100}%, var(--part-waiting))`;
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
