import { formatCount } from "../../format/byte-size.ts";
import { abortSummary, settledCount } from "./abort-summary.ts";
import type { AbortRun } from "./abort-run.ts";
import type { ListingState } from "./listing.ts";
import { uploadsText } from "./row-text.ts";

/** What of the board is told. */
export interface Tellable {
  readonly run: Pick<AbortRun, "tally" | "isOver"> | null;
  /** Left out of the run. */
  readonly spared: number;
  readonly listing: Pick<ListingState, "kind">;
  readonly sums: { readonly count: number };
}

/** What goes on, in a sentence for who does not see it: aborting before listing. */
export function boardSentence({ run, spared, listing, sums }: Tellable): string {
  if (run !== null) {
    const { tally, isOver } = run;
    if (isOver) return abortSummary(tally, true, spared).join(" ");
    return `Aborting: ${formatCount(settledCount(tally))} of ${formatCount(tally.total)}.`;
  }
  const listed = `${uploadsText(sums.count)} listed`;
  switch (listing.kind) {
    case "listing":
      return `${listed} so far.`;
    case "complete":
      return sums.count === 0 ? "Nothing forgotten here." : `All ${listed}.`;
    case "waiting":
      return "The list waits for the server and goes on by itself.";
    default:
      return `${listed}; the list is not complete.`;
  }
}
