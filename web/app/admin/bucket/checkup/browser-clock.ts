import type { Check } from "../../../../../shared/admin-api.ts";
import type { Fetch } from "../../../backend.ts";

/** What the clock is compared with. */
export interface ClockLine {
  readonly send: Fetch;
  /** Milliseconds since 1970, by this browser's clock. */
  readonly now: () => number;
}

/** Clocks that are kept right are within a second or two; the header has whole seconds. */
const USUAL_SKEW_MS = 30_000;

/** S3 refuses what is signed by a clock that is further off; the server signs, not this browser. */
const MAX_SKEW_MS = 15 * 60_000;

const NAME = {
  id: "browser-clock",
  title: "This browser’s clock agrees with the server’s",
} as const;
const TRIED = "GET /api/session: the Date of its answer, held against this device’s clock.";

/** Whether this browser's clock is right; the signal's reason where it ends. */
export async function checkBrowserClock(line: ClockLine, signal: AbortSignal): Promise<Check> {
  const sentAt = line.now();
  const date = await line
    .send("/api/session", { signal, cache: "no-store" })
    .then(({ headers }) => headers.get("date"))
    .catch(() => {
      signal.throwIfAborted();
      return null;
    });
  const halfWay = (sentAt + line.now()) / 2;
  return judgeClock(Date.parse(date ?? "") - halfWay);
}

/** @param skewMs the server's clock minus this one; NaN: it named no time */
function judgeClock(skewMs: number): Check {
  if (Number.isNaN(skewMs)) {
    return { ...NAME, status: "unsupported", tried: TRIED, detail: "The answer names no time." };
  }
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= USUAL_SKEW_MS) {
    return { ...NAME, status: "pass", tried: TRIED, detail: `They agree (${seconds} s apart).` };
  }
  const apart = `This device’s clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the server’s.`;
  const means =
    Math.abs(skewMs) < MAX_SKEW_MS
      ? "Signed URLs work all the same; ages and times left on these pages are wrong by as much."
      : "Signed URLs work all the same, but the page takes those that are still good for ended, or the other way round.";
  return {
    ...NAME,
    status: "warn",
    tried: TRIED,
    detail: `${apart} ${means}`,
    remedy: { text: "Have this device set its clock by itself, in its settings of date and time." },
  };
}
