import { finishedRuns, secondsOf, spreadOf, type Entry, type ScenarioResult } from "./results.ts";
import type { RunFigures } from "./run.ts";

const MB = 1e6;

/** The tables of all scenarios, in Markdown: who took how long, and how that compares with the goals. */
export function report(results: readonly ScenarioResult[]): string {
  return [...results.map(scenarioTable), goalTable(results)].join("\n\n");
}

const HEADINGS = [
  "Contestant",
  "runs",
  "median s",
  "min–max",
  "× Sluice",
  "CPU s",
  "memory MB",
  "backend requests",
  "storage requests",
  "sent again",
  "longest task ms",
];

/** What one scenario measured. */
export function scenarioTable({ title, entries, skipped }: ScenarioResult): string {
  if (skipped !== null) return `### ${title}\n\nNot measured: ${skipped}.`;
  const sluice = entries.find(({ role }) => role === "sluice");
  const ours = sluice === undefined ? null : (secondsOf(sluice)?.median ?? null);
  const rows = entries.map((entry) => rowOf(entry, ours));
  return `### ${title}\n\n${table(HEADINGS, rows)}`;
}

function rowOf(entry: Entry, ours: number | null): string[] {
  const seconds = secondsOf(entry);
  const runs = finishedRuns(entry);
  const count = `${runs.length}/${entry.outcomes.length}`;
  if (seconds === null) {
    const [first] = entry.outcomes;
    const why = first?.kind === "unfinished" ? first.why : "not run";
    return [entry.name, count, `did not finish (${why})`, ...HEADINGS.slice(3).map(() => "")];
  }
  const median = (of: (run: RunFigures) => number | null, digits: number, factor = 1) => {
    const spread = spreadOf(runs.flatMap((run) => of(run) ?? []));
    return spread === null ? "" : (spread.median * factor).toFixed(digits);
  };
  return [
    entry.name,
    count,
    seconds.median.toFixed(2),
    `${seconds.min.toFixed(2)}–${seconds.max.toFixed(2)}`,
    ours === null ? "" : (seconds.median / ours).toFixed(2),
    median(({ cpuSeconds }) => cpuSeconds, 1),
    median(({ memoryBytes }) => memoryBytes / MB, 0),
    median(({ backendRequests }) => backendRequests, 0),
    requestsOf(runs.at(-1)),
    `${median(({ sentAgain }) => sentAgain, 1, 100)} %`.replace(/^ %$/, ""),
    median(({ longTasksMs }) => Math.max(0, ...longTasksMs), 0),
  ];
}

function requestsOf(run: RunFigures | undefined): string {
  return Object.entries(run?.storageRequests ?? {})
    .map(([method, count]) => `${count} ${method}`)
    .join(", ");
}

/** The goals, and what became of them. */
function goalTable(results: readonly ScenarioResult[]): string {
  const rows = results
    .filter(({ skipped, goals }) => skipped === null && Object.keys(goals).length > 0)
    .map(({ title, entries, goals }) => [
      title,
      verdict(entries, "sluice", "uppy6", goals.uppy6),
      verdict(entries, "sluice", "peer", goals.peer),
      comparison(entries, "sluice", "tuned"),
      verdict(entries, "sluice", "ceiling", goals.ceiling),
      verdict(entries, "unchecked", "ceiling", goals.uncheckedCeiling),
    ]);
  const headings = [
    "Scenario",
    "against Uppy 6",
    "against the best other peer",
    "against peers at their best settings",
    "against the ceiling",
    "the same, checksums off",
  ];
  return `### Goals\n\n${table(headings, rows)}`;
}

function verdict(
  entries: readonly Entry[],
  ours: Entry["role"],
  others: Entry["role"],
  goal: number | undefined,
): string {
  const text = comparison(entries, ours, others);
  if (goal === undefined || text === "") return "";
  const ratio = ratioOf(entries, ours, others);
  const outcome = ratio === null ? "" : `: ${ratio >= goal ? "met" : "missed"}`;
  return `${text} (goal ≥ ${goal}${outcome})`;
}

function comparison(entries: readonly Entry[], ours: Entry["role"], others: Entry["role"]): string {
  const takesPart = (role: Entry["role"]) => entries.some((entry) => entry.role === role);
  if (!takesPart(ours) || !takesPart(others)) return "";
  if (bestOf(entries, ours) === null) return "not finished";
  const ratio = ratioOf(entries, ours, others);
  if (ratio === null) return "alone finished";
  return `${ratio.toFixed(2)} × ${bestOf(entries, others)?.name}`;
}

/** How many times as fast the one role's best is as the other's; null where either did not finish. */
function ratioOf(
  entries: readonly Entry[],
  ours: Entry["role"],
  others: Entry["role"],
): number | null {
  const [mine, best] = [bestOf(entries, ours), bestOf(entries, others)];
  return mine === null || best === null ? null : best.median / mine.median;
}

function bestOf(entries: readonly Entry[], role: Entry["role"]) {
  const medians = entries
    .filter((entry) => entry.role === role)
    .flatMap((entry) => {
      const median = secondsOf(entry)?.median;
      return median === undefined ? [] : [{ name: entry.name, median }];
    });
  return medians.toSorted((a, b) => a.median - b.median)[0] ?? null;
}

/** A table in Markdown. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
