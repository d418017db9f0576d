import type { RouteView } from "../../transfer/index.ts";
import { formatUsd } from "../format/price.ts";

/** AWS bills GB of this many bytes. */
const GB_BYTES = 1024 ** 3;

/** Which way the bytes go where the bucket has Transfer Acceleration, why, and what it costs. */
export function describeRoute(route: RouteView): string {
  switch (route.kind) {
    case "measuring":
      return "Measuring both ways…";
    case "accelerated":
      return `Accelerated: ${[gained(route.speedup), priced(route), spent(route)].filter(Boolean).join(", ")}.`;
    case "direct":
      return `Direct: ${forgone(route)}.`;
  }
}

/** How many times as fast, for people: `1.8 ×`; two digits where one would read as no difference. */
export function formatTimes(factor: number): string {
  const digits = Math.abs(factor - 1) < 0.2 ? 2 : 1;
  return `${factor.toFixed(digits)} ×`;
}

function gained(speedup: number | null): string {
  return speedup === null
    ? "faster than the direct way"
    : `${formatTimes(speedup)} as fast as the direct way`;
}

function priced({ usdPerGb }: RouteView): string {
  return usdPerGb === null ? "" : `at most ${formatUsd(usdPerGb)} a GB`;
}

function spent({ usdPerGb, acceleratedBytes }: RouteView): string {
  if (usdPerGb === null || acceleratedBytes === 0) return "";
  return `${formatUsd((acceleratedBytes / GB_BYTES) * usdPerGb)} so far`;
}

function forgone({ speedup, usdPerGb }: RouteView): string {
  if (speedup === null) return "acceleration is not needed";
  const compared = `acceleration was ${speedup > 1 ? "only " : ""}${formatTimes(speedup)} as fast`;
  return usdPerGb === null || speedup <= 1
    ? compared
    : `${compared}, not worth ${formatUsd(usdPerGb)} a GB`;
}
