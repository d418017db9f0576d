import { table } from "../upload/report.ts";
import {
  figureOf,
  speedRatio,
  type CaseResult,
  type Entry,
  type ScenarioResult,
} from "./results.ts";
import type { Comparison } from "./scenario.ts";

const MB = 1e6;

const HEADINGS = [
  "Question",
  "Contestant",
  "runs",
  "MB per CPU-second",
  "CPU ms",
  "min–max",
  "MB/s",
  "ms",
  "memory MB",
  "MB read",
];

/** What one scenario measured, in Markdown: medians, with the extremes of the CPU time. */
export function scenarioTable({ title, cases }: ScenarioResult): string {
  const rows = cases.flatMap((one) => one.entries.map((entry) => rowOf(one, entry)));
  return `### ${title}\n\n${table(HEADINGS, rows)}`;
}

function rowOf({ title, megabytes }: CaseResult, entry: Entry): string[] {
  const finished = entry.outcomes.filter(({ kind }) => kind === "finished").length;
  const start = [title, entry.name, `${finished}/${entry.outcomes.length}`];
  const cpu = figureOf(entry, ({ cpuSeconds }) => cpuSeconds);
  const wall = figureOf(entry, ({ seconds }) => seconds);
  if (cpu === null || wall === null) {
    const [first] = entry.outcomes;
    const why = first?.kind === "unfinished" ? first.why : "not run";
    return [...start, `did not finish (${why})`, ...HEADINGS.slice(4).map(() => "")];
  }
  const read = figureOf(entry, ({ bytesRead }) => bytesRead);
  const memory = figureOf(entry, ({ memoryBytes }) => memoryBytes);
  return [
    ...start,
    speed(megabytes, cpu.median),
    milliseconds(cpu.median),
    `${milliseconds(cpu.min)}–${milliseconds(cpu.max)}`,
    speed(megabytes, wall.median),
    milliseconds(wall.median),
    memory === null ? "" : (memory.max / MB).toFixed(0),
    read === null ? "" : (read.median / MB).toFixed(1),
  ];
}

function speed(megabytes: number | null, seconds: number): string {
  return megabytes === null ? "" : (megabytes / seconds).toFixed(0);
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(0);
}

/** How ours compare with the others in all scenarios, and with what was aimed at. */
export function goalTable(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap((result) => [
    ...result.cases.flatMap((one, place) =>
      result.comparisons
        .filter(({ cases }) => cases?.includes(place) ?? true)
        .map((comparison) => comparisonRow(result, one, comparison)),
    ),
    ...memoryRows(result),
  ]);
  const headings = ["Scenario", "Question", "by", "Ours", "against", "is", "goal", ""];
  return `### Goals\n\n${table(headings, rows)}`;
}

function comparisonRow(
  { title, measure }: ScenarioResult,
  one: CaseResult,
  { ours, against, atLeast }: Comparison,
): string[] {
  const ratio = speedRatio(one, measure, ours, against);
  const by = measure === "seconds" ? "time" : "CPU time";
  const goal =
    atLeast === null ? ["", ""] : [`≥ ${atLeast}`, verdict(ratio, (it) => it >= atLeast)];
  const is = ratio === null ? "not measured" : `${ratio.toFixed(2)} ×`;
  return [title, one.title, by, ours, against, is, ...goal];
}

/** The most that one of ours took with any question. */
function memoryRows({ title, cases, comparisons, mostMegabytes }: ScenarioResult): string[][] {
  if (mostMegabytes === null) return [];
  const names = new Set(comparisons.map(({ ours }) => ours));
  const ours = cases
    .flatMap(({ entries }) => entries)
    .filter(({ name }) => names.has(name) || comparisons.length === 0);
  const peaks = ours.flatMap((entry) => figureOf(entry, (each) => each.memoryBytes)?.max ?? []);
  const most = peaks.length === 0 ? null : Math.max(...peaks) / MB;
  const is = most === null ? "not measured" : `${most.toFixed(0)} MB`;
  const judged = verdict(most, (it) => it <= mostMegabytes);
  return [
    [
      title,
      "all",
      "memory above idle",
      "the most of ours",
      "",
      is,
      `≤ ${mostMegabytes} MB`,
      judged,
    ],
  ];
}

function verdict(figure: number | null, isMet: (figure: number) => boolean): string {
  return figure === null ? "" : isMet(figure) ? "met" : "missed";
}
