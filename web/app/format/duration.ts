const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A span for people, two units at most: `8 s`, `3 min`, `1 h 20 min`, `2 d 3 h`.
 * @param seconds 0 and more; fractions round up, so that it never says 0 s while something is left
 */
export function formatDuration(seconds: number): string {
  const rounded = Math.max(0, Math.ceil(seconds));
  if (rounded < MINUTE) return `${rounded} s`;
  if (rounded < 10 * MINUTE) return pair(rounded, MINUTE, "min", 1, "s", 10);
  if (rounded < HOUR) return `${Math.round(rounded / MINUTE)} min`;
  if (rounded < DAY) return pair(rounded, HOUR, "h", MINUTE, "min", 1);
  return pair(rounded, DAY, "d", HOUR, "h", 1);
}

/** The time left for people: `about 3 min left`, `a few seconds left`; empty while it cannot be said. */
export function formatTimeLeft(secondsLeft: number | null): string {
  if (secondsLeft === null || !Number.isFinite(secondsLeft)) return "";
  if (secondsLeft <= 5) return "a few seconds left";
  return `${formatDuration(secondsLeft)} left`;
}

/** `step` keeps the smaller unit from flickering: 3 min 20 s, then 3 min 10 s. */
function pair(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
  step: number,
): string {
  const smallUnits = Math.round(seconds / small / step) * step;
  const perLarge = large / small;
  const rest = smallUnits % perLarge;
  const whole = `${Math.floor(smallUnits / perLarge)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}
