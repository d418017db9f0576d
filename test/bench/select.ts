/**
 * Our engine against DuckDB on the same rows in the same run: `npm run bench:select`. Contestants take turns, round
 * by round, each in a process of its own that answers once about the first 8 MiB before it is measured. All write
 * their answers as lines of JSON, which have to be equal; ratios of medians are compared.
 *
 * --only=csv,parquet    scenarios by their names in select/scenario.ts; all where it is left out
 * --peers=Sluice,DuckDB contestants whose names begin so; all where it is left out
 * --mib=512             how much CSV there is; JSON lines are 1.8 times as much
 * --rounds=5            how often each takes its turn
 * --out=result.json     everything that was measured, as JSON
 * --dir=/var/tmp/rows   where the data is found or made; it stays for the next run
 */
import { writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBenchStore, type BenchStore } from "./select/bench-store.ts";
import { ensureDataset, intoPageCache, type Dataset } from "./select/dataset.ts";
import { race } from "./select/race.ts";
import { goalTable, scenarioTable } from "./select/report.ts";
import type { ScenarioResult } from "./select/results.ts";
import type { RunOutcome } from "./select/run.ts";
import { SCENARIOS, type Case, type Contestant, type Scenario } from "./select/scenario.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    peers: { type: "string", default: "" },
    mib: { type: "string", default: "512" },
    rounds: { type: "string", default: "5" },
    out: { type: "string" },
    dir: { type: "string", default: join(tmpdir(), "sluice-bench-select") },
    /** Another build than that of `npm start`, for whoever compares two. */
    built: { type: "string", default: new URL("../../dist", import.meta.url).href },
  },
});

function chosenScenarios(): Scenario[] {
  const ids = flags.only?.split(",") ?? SCENARIOS.map(({ id }) => id);
  return ids.map((id) => {
    const scenario = SCENARIOS.find((each) => each.id === id);
    const known = SCENARIOS.map((each) => each.id).join(", ");
    if (scenario === undefined) throw new Error(`No scenario "${id}"; there are: ${known}`);
    const prefixes = flags.peers.split(",");
    const takesPart = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
    const contestants = scenario.contestants.filter(({ name }) => takesPart(name));
    return { ...scenario, contestants };
  });
}

/** Null where nobody reads from it. */
async function storeFor(
  scenarios: readonly Scenario[],
  dataset: Dataset,
): Promise<BenchStore | null> {
  const isRemote = ({ contestants }: Scenario) => contestants.some((each) => each.isRemote);
  const formats = scenarios.filter(isRemote).flatMap(({ cases }) => cases.map((one) => one.format));
  if (formats.length === 0) return null;
  const files = [...new Set(formats)].map((format) => dataset[format]);
  const paths = files.flatMap(({ path, warmPath }) => [path, warmPath]);
  return startBenchStore(flags.dir, flags.built, paths);
}

function tell({ title }: Case, { name }: Contestant, outcome: RunOutcome): void {
  if (outcome.kind === "unfinished") {
    console.log(`  ${title}, ${name}: not finished: ${outcome.why}`);
    return;
  }
  const { cpuSeconds, seconds } = outcome.figures;
  const ms = (value: number) => (value * 1000).toFixed(0);
  console.log(`  ${title}, ${name}: ${ms(cpuSeconds)} ms of CPU, ${ms(seconds)} ms`);
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1e9);
  return `${cpus().length} × ${cpu?.model}, ${memory} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

const scenarios = chosenScenarios();
const dataset = await ensureDataset(flags.dir, Number(flags.mib), (text) => console.log(text));
const store = await storeFor(scenarios, dataset);
const results: ScenarioResult[] = [];
try {
  console.log(machine());
  for (const scenario of scenarios) {
    console.log(`\n${scenario.title}`);
    for (const { format } of scenario.cases) intoPageCache(dataset[format]);
    const result = await race(scenario, {
      dataset,
      built: flags.built,
      store: store?.address ?? null,
      rounds: Number(flags.rounds),
      onRun: tell,
    });
    results.push(result);
    if (flags.out !== undefined) {
      const measured = { machine: machine(), at: new Date(), scenarios: results };
      writeFileSync(flags.out, `${JSON.stringify(measured, null, 2)}\n`);
    }
    console.log(`\n${scenarioTable(result)}`);
  }
} finally {
  await store?.close();
}
console.log(`\n${goalTable(results)}`);
