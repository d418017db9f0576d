import type { AccelerationResponse } from "../../../../../shared/admin-api.ts";
import { MAX_ACCELERATION_USD_PER_GB } from "../../../../../shared/cost.ts";
import { formatSpeed } from "../../../format/byte-size.ts";
import type { Measurement } from "./acceleration-measure.ts";

/** A status in words. */
export const STATUS_TEXT: Readonly<Record<AccelerationResponse["status"], string>> = {
  Enabled: "On: uploads take it where it is faster for them.",
  Suspended: "Off; it was on before.",
  Unset: "Off; it was never on.",
  Unsupported: "The storage has no Transfer Acceleration.",
};

const PRICE = `up to $${MAX_ACCELERATION_USD_PER_GB.toFixed(2)}`;

/** What follows from a change, a sentence each. */
export function consequences(to: "Enabled" | "Suspended"): readonly string[] {
  if (to === "Suspended") {
    return [
      "Uploads go straight to the bucket’s region again; those from afar take longer.",
      "It takes up to 30 minutes until the change is in force everywhere; URLs that were signed for the accelerated address may be refused then, and are signed anew.",
      "Nothing more is billed for it.",
    ];
  }
  return [
    "Uploads from afar go through AWS’s nearest edge wherever this page finds that faster.",
    `Each GB that goes that way costs ${PRICE} beside everything else; bytes that were no faster for it are not billed.`,
    "It takes up to 30 minutes until the change is in force; until then the accelerated address refuses requests and uploads go straight.",
    "The bucket’s name may have no dots, as this page checks before.",
  ];
}

/** What a measurement came to, in one sentence. */
export function verdict({ ratio, direct, accelerated }: Measurement): string {
  if (ratio === null || direct === null || accelerated === null) return "";
  const speeds = `${formatSpeed(accelerated)} against ${formatSpeed(direct)}`;
  if (ratio >= 1.1)
    return `From here acceleration is ${ratio.toFixed(1)} times as fast (${speeds}).`;
  if (ratio > 0.9) return `From here it makes no difference (${speeds}).`;
  return `From here acceleration is slower, at ${Math.round(ratio * 100)} % of the speed (${speeds}): uploads go straight.`;
}
