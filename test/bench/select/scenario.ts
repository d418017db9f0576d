import { canPin, type RunFigures, type Task } from "./run.ts";
import type { Format } from "./dataset.ts";
import { FIRST_ROWS, QUESTIONS, type Question } from "./questions.ts";

/** Who answers. */
export interface Contestant {
  readonly name: string;
  readonly engine: Task["engine"];
  readonly threads: number;
  /** Objects are read from a store instead of files. */
  readonly isRemote: boolean;
  /** The only processors that it may use, as `taskset` has them. */
  readonly cpus: string | null;
}

/** A question about a file. */
export interface Case {
  readonly title: string;
  readonly question: Question;
  readonly format: Format;
  /** As if the rows stood there so many times. */
  readonly repeat: number;
}

/** What two contestants are compared by; less is better. */
export type Measure = keyof Pick<RunFigures, "seconds" | "cpuSeconds">;

/** So many times as fast as another one. */
export interface Comparison {
  readonly ours: string;
  readonly against: string;
  /** Null where nothing is aimed at. */
  readonly atLeast: number | null;
  /** Only in these cases, by their places. */
  readonly cases?: readonly number[];
}

/** One row of tables. */
export interface Scenario {
  /** For `--only`. */
  readonly id: string;
  readonly title: string;
  readonly cases: readonly Case[];
  readonly contestants: readonly Contestant[];
  readonly measure: Measure;
  readonly comparisons: readonly Comparison[];
  /** Megabytes above idle that ours may take; null where that is not judged. */
  readonly mostMegabytes: number | null;
  /** Nobody warms up: what the first call costs is asked, too. */
  readonly isCold?: boolean;
  /** Fewer than the others where one is enough. */
  readonly maxRounds?: number;
}

const contestant = (
  name: string,
  engine: Task["engine"],
  threads = 1,
  more: Partial<Contestant> = {},
): Contestant => ({ name, engine, threads, isRemote: false, cpus: null, ...more });

const SLUICE = contestant("Sluice", "sluice");
const DUCKDB_1 = contestant("DuckDB, 1 thread", "duckdb", 1);
const DUCKDB_2 = contestant("DuckDB, 2 threads", "duckdb", 2);
const ZLIB = contestant("zlib alone", "zlib");
const OVER_HTTP = contestant("Sluice over HTTP", "sluice", 1, { isRemote: true });
const RANGES = contestant("range GETs alone", "ranges", 1, { isRemote: true });

const MOST_MEGABYTES = 64;

const casesOf = (format: Format, questions = QUESTIONS): Case[] =>
  questions.map((question) => ({
    title: `${question.id}: ${question.title}`,
    question,
    format,
    repeat: 1,
  }));

function against(other: Contestant, atLeast: number | null, cases?: readonly number[]): Comparison {
  return { ours: SLUICE.name, against: other.name, atLeast, ...(cases && { cases }) };
}

/** All rows, in the order in which they are measured. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: "csv",
    title: "CSV from a file",
    cases: casesOf("csv"),
    contestants: [SLUICE, DUCKDB_1, DUCKDB_2],
    measure: "cpuSeconds",
    comparisons: [against(DUCKDB_1, 5), against(DUCKDB_2, null)],
    mostMegabytes: MOST_MEGABYTES,
  },
  {
    id: "ndjson",
    title: "JSON lines from a file",
    cases: casesOf("ndjson"),
    contestants: [SLUICE, DUCKDB_1, DUCKDB_2],
    measure: "cpuSeconds",
    comparisons: [against(DUCKDB_1, 3.5), against(DUCKDB_2, null)],
    mostMegabytes: MOST_MEGABYTES,
  },
  {
    id: "csv.gz",
    title: "CSV.gz from a file (megabytes of CSV)",
    cases: casesOf("csv.gz"),
    contestants: [SLUICE, ZLIB, DUCKDB_1, DUCKDB_2],
    measure: "cpuSeconds",
    comparisons: [against(DUCKDB_1, 2), against(DUCKDB_2, null), against(ZLIB, 0.9)],
    mostMegabytes: MOST_MEGABYTES,
  },
  {
    id: "parquet",
    title: "Parquet from a file (snappy, row groups of 122,880)",
    cases: casesOf("parquet"),
    contestants: [SLUICE, DUCKDB_1, DUCKDB_2],
    measure: "cpuSeconds",
    comparisons: [
      against(DUCKDB_1, 1.7, [0]),
      against(DUCKDB_1, 0.9, [1]),
      against(DUCKDB_1, 0.8, [2]),
      against(DUCKDB_2, null),
    ],
    mostMegabytes: MOST_MEGABYTES,
  },
  {
    id: "sorted",
    title: "Parquet ordered by price: statistics say where to look",
    cases: casesOf("sorted", QUESTIONS.slice(0, 1)),
    contestants: [SLUICE, DUCKDB_1],
    measure: "cpuSeconds",
    comparisons: [against(DUCKDB_1, null)],
    mostMegabytes: MOST_MEGABYTES,
  },
  workers(),
  {
    id: "http",
    title: "CSV by range GETs from the embedded store in another process",
    cases: casesOf("csv"),
    contestants: [OVER_HTTP, RANGES, DUCKDB_1],
    measure: "seconds",
    comparisons: [
      { ours: OVER_HTTP.name, against: RANGES.name, atLeast: null },
      { ours: OVER_HTTP.name, against: DUCKDB_1.name, atLeast: null },
    ],
    mostMegabytes: MOST_MEGABYTES,
  },
  firstRows("first", "The first ten rows", false),
  firstRows("cold", "The first ten rows of a process that was only just started", true),
  {
    id: "memory",
    title: "Memory above idle, by the size of the object",
    cases: [1, 8].map((repeat) => ({
      title: `the CSV ${repeat} ×, COUNT`,
      question: QUESTIONS[1] ?? FIRST_ROWS,
      format: "csv",
      repeat,
    })),
    contestants: [SLUICE],
    measure: "seconds",
    comparisons: [],
    mostMegabytes: MOST_MEGABYTES,
    maxRounds: 1,
  },
];

function firstRows(id: string, title: string, isCold: boolean): Scenario {
  return {
    id,
    title,
    cases: (["csv", "ndjson"] as const).map((format) => ({
      title: `${FIRST_ROWS.title} of ${format}`,
      question: FIRST_ROWS,
      format,
      repeat: 1,
    })),
    contestants: [SLUICE, OVER_HTTP, DUCKDB_1],
    measure: "seconds",
    comparisons: [against(DUCKDB_1, null)],
    mostMegabytes: null,
    isCold,
  };
}

/** Two of ours against one, each worker on a processor of its own where that can be said, and as the system likes. */
function workers(): Scenario {
  const [one, two] = [contestant("1 worker", "sluice", 1), contestant("2 workers", "sluice", 2)];
  const pinnedOne = contestant("1 worker on 1 processor", "sluice", 1, { cpus: "0" });
  const pinnedTwo = contestant("2 workers on 2 processors", "sluice", 2, { cpus: "0,1" });
  const isPinned = canPin();
  const goal = { ours: two.name, against: one.name, atLeast: 1.8 };
  const pinnedGoal = { ours: pinnedTwo.name, against: pinnedOne.name, atLeast: 1.8 };
  return {
    id: "workers",
    title: "CSV from a file, two workers against one",
    cases: casesOf("csv"),
    contestants: isPinned ? [one, two, pinnedOne, pinnedTwo] : [one, two],
    measure: "seconds",
    comparisons: isPinned ? [goal, pinnedGoal] : [goal],
    mostMegabytes: MOST_MEGABYTES,
  };
}
