const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/**
 * How long ago something was, for people: `just now`, `12 minutes ago`, `3 hours ago`, `yesterday`.
 * Clocks may disagree: what lies ahead was just now.
 * @param at milliseconds since 1970, as `now`
 */
export function formatAgo(at: number, now: number): string {
  const elapsedMs = now - at;
  if (elapsedMs < MINUTE_MS) return "just now";
  if (elapsedMs < HOUR_MS) return relative.format(-Math.floor(elapsedMs / MINUTE_MS), "minute");
  if (elapsedMs < DAY_MS) return relative.format(-Math.floor(elapsedMs / HOUR_MS), "hour");
  return relative.format(-Math.floor(elapsedMs / DAY_MS), "day");
}
