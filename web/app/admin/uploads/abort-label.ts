import { formatCount } from "../../format/byte-size.ts";
import { NO_CRITERIA, type Criteria } from "./arrangement.ts";

/** What the button that aborts says: of those chosen, or of all that match and why. */
export function abortLabel(chosen: number, matching: number, criteria: Criteria): string {
  if (chosen > 0) return `Abort ${formatCount(chosen)} chosen…`;
  const all = `Abort all ${formatCount(matching)}`;
  const { olderThanDays, ...others } = criteria;
  const { olderThanDays: _, ...none } = NO_CRITERIA;
  const isOtherwiseFiltered = JSON.stringify(others) !== JSON.stringify(none);
  if (isOtherwiseFiltered) return `${all} that match…`;
  if (olderThanDays === null) return `${all}…`;
  return `${all} older than ${formatCount(olderThanDays)} ${olderThanDays === 1 ? "day" : "days"}…`;
}
