import { formatBytes, formatCount } from "../../format/byte-size.ts";
import type { AbortTally } from "./abort-run.ts";
import { uploadsText } from "./row-text.ts";

/** How many of the uploads have an outcome. */
export function settledCount({ aborted, completed, live, failed }: AbortTally): number {
  return aborted + completed.length + live.length + failed.size;
}

/**
 * What came of aborting, a sentence each: nothing that was meant is passed over.
 * @param spared uploads that were not tried, because they are being sent
 */
export function abortSummary(tally: AbortTally, isOver: boolean, spared = 0): string[] {
  const { completed, live, failed, total } = tally;
  const left = total - settledCount(tally);
  return [
    `${uploadsText(tally.aborted)} aborted, ${freedText(tally)} freed.`,
    completed.length > 0
      ? `${uploadsText(completed.length)} became ${completed.length === 1 ? "an object" : "objects"} meanwhile, which ${completed.length === 1 ? "stays" : "stay"}.`
      : "",
    live.length > 0
      ? `${uploadsText(live.length)} ${live.length === 1 ? "is" : "are"} being sent right now and ${live.length === 1 ? "goes" : "go"} on.`
      : "",
    spared > 0
      ? `${uploadsText(spared)} ${spared === 1 ? "was" : "were"} left out: ${spared === 1 ? "it is" : "they are"} being sent.`
      : "",
    failed.size > 0 ? `${uploadsText(failed.size)} could not be aborted.` : "",
    isOver && left > 0
      ? `Stopped: ${uploadsText(left)} left as ${left === 1 ? "it was" : "they were"}.`
      : "",
  ].filter((sentence) => sentence !== "");
}

/** What was freed; what nobody measured is said. */
function freedText({ freedBytes, unmeasured }: AbortTally): string {
  if (unmeasured === 0) return formatBytes(freedBytes);
  const rest = `${formatCount(unmeasured)} were not measured`;
  return freedBytes === 0
    ? `an unknown amount (${rest})`
    : `at least ${formatBytes(freedBytes)} (${rest})`;
}

/** Failures by their problem, the most frequent first. */
export function groupFailures(
  tally: AbortTally,
): { readonly code: string; readonly detail: string; readonly rows: readonly number[] }[] {
  const groups = new Map<string, { code: string; detail: string; rows: number[] }>();
  for (const [row, { code, detail }] of tally.failed) {
    const group = groups.get(code) ?? { code, detail, rows: [] };
    groups.set(code, group);
    group.rows.push(row);
  }
  return [...groups.values()].toSorted((one, other) => other.rows.length - one.rows.length);
}
