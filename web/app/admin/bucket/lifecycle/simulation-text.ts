import { formatBytes, formatCount } from "../../../format/byte-size.ts";
import { formatUsd } from "../../../format/price.ts";
import type { Endangered, Simulation } from "./simulation.ts";

const date = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** Lives in words. */
export const LIFE_WORDS: Readonly<Record<Endangered["life"], string>> = {
  uploading: "uploading now",
  paused: "paused, can be resumed",
  recent: "of unknown life, a part came within the last day",
};

/** What would be freed, in one sentence; nothing is due: that. */
export function freedSentence(simulation: Simulation): string {
  const { dueCount, measured, freedBytes, savedUsdPerMonth, listed } = simulation;
  if (listed === 0) return "There is no incomplete upload now: it would free nothing today.";
  if (dueCount === 0) return "It would free nothing today.";
  const atLeast = measured < dueCount ? "at least " : "";
  const saved =
    freedBytes > 0 ? `, which saves ${atLeast}${formatUsd(savedUsdPerMonth)} a month` : "";
  return `It would end ${uploads(dueCount)} at once and free ${atLeast}${formatBytes(freedBytes)}${saved}.`;
}

/** What comes later, and what nobody knows: sentences, none where there is nothing to say. */
export function moreSentences(simulation: Simulation): readonly string[] {
  const { laterCount, nextEndMs, dueUnknown, measured, dueCount, source } = simulation;
  return [
    ...(laterCount > 0
      ? [
          `${uploads(laterCount)} would end later, the first on ${formatDay(nextEndMs)}, unless completed before.`,
        ]
      : []),
    ...(dueUnknown > 0
      ? [
          `${uploads(dueUnknown)} of those that end at once are of other programs: whether they are alive nobody here knows.`,
        ]
      : []),
    ...(measured < dueCount
      ? [`${formatCount(measured)} of ${formatCount(dueCount)} could be measured.`]
      : []),
    ...(source === "register"
      ? [
          "This storage lists uploads by exact key alone: those of other programs were not seen, and would end too.",
        ]
      : []),
  ];
}

/** Whom it would hit, in one sentence. */
export function dangerSentence({ endangeredCount }: Simulation): string {
  if (endangeredCount === 0) return "No upload that is alive or could be resumed is in its way.";
  return endangeredCount === 1
    ? "1 upload that somebody may still want would be ended:"
    : `${formatCount(endangeredCount)} uploads that somebody may still want would be ended:`;
}

/** When one of them would end. */
export function endsText({ endsAtMs }: Endangered, nowMs: number): string {
  return endsAtMs <= nowMs ? "at S3’s next run, within a day" : `${formatDay(endsAtMs)}, 00:00 UTC`;
}

function formatDay(timeMs: number): string {
  return date.format(timeMs);
}

function uploads(count: number): string {
  return count === 1 ? "1 upload" : `${formatCount(count)} uploads`;
}
