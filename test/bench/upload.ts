/**
 * Our uploader against its peers and against hand-made loops, in a real Chromium over shaped lines:
 * `npm run bench:upload`. Contestants take turns, round by round; ratios of medians are compared.
 *
 * --only=far,loss     scenarios by their names in upload/scenario.ts; all where it is left out
 * --peers=Sluice,loop contestants whose names begin so; all where it is left out
 * --rounds=5          how often each takes its turn; who is far behind or did not finish stops sooner
 * --out=result.json   everything that was measured, as JSON
 * --dir=/var/tmp      where files and the store's data go
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { whyNoLossyLink } from "../faults/lossy-link.ts";
import { ownNetwork, whyNoOwnNetwork } from "../faults/own-network.ts";
import { bundleContestants } from "./upload/bundle.ts";
import { race, type RaceSettings } from "./upload/race.ts";
import { report, scenarioTable } from "./upload/report.ts";
import type { ScenarioResult } from "./upload/results.ts";
import type { RunOutcome } from "./upload/run.ts";
import { SCENARIOS, type Scenario } from "./upload/scenario.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    peers: { type: "string" },
    rounds: { type: "string", default: "5" },
    out: { type: "string" },
    dir: { type: "string", default: tmpdir() },
    /** Set by the bench itself, once it is in a network of its own. */
    network: { type: "string", default: "shared" },
  },
});

function chosenScenarios(): Scenario[] {
  const ids = flags.only?.split(",") ?? SCENARIOS.map(({ id }) => id);
  return ids.map((id) => {
    const scenario = SCENARIOS.find((each) => each.id === id);
    const known = SCENARIOS.map((each) => each.id).join(", ");
    if (scenario === undefined) throw new Error(`No scenario "${id}"; there are: ${known}`);
    const prefixes = flags.peers?.split(",") ?? [""];
    const takesPart = (name: string) => prefixes.some((prefix) => name.startsWith(prefix));
    const contestants = scenario.contestants.filter(({ name }) => takesPart(name));
    return { ...scenario, contestants };
  });
}

/** A sender's socket holds about what it does on a real line of 5 MB/s and 80 ms, in bytes. */
const SEND_BUFFER_BYTES = 512 * 1024;

async function measure(scenario: Scenario, settings: RaceSettings): Promise<ScenarioResult> {
  const { id, title, goals, line } = scenario;
  if (line.kind === "loopback" || flags.network === "own") return race(scenario, settings);
  if (line.kind === "packets") {
    const why = whyNoLossyLink();
    if (why !== null) return { id, title, goals, entries: [], skipped: why };
    return measureInOwnNetwork(scenario, ownNetwork());
  }
  const why = whyNoOwnNetwork();
  if (why === null) return measureInOwnNetwork(scenario, ownNetwork(SEND_BUFFER_BYTES));
  console.log(`  with the system's socket buffers, because a network of its own ${why}`);
  return race(scenario, settings);
}

/** The same bench for one row, in a namespace that ends with it. */
function measureInOwnNetwork({ id }: Scenario, prefix: readonly string[]): ScenarioResult {
  const dir = mkdtempSync(join(tmpdir(), "sluice-bench-result-"));
  const out = join(dir, "result.json");
  const [command = "", ...start] = [...prefix, process.execPath, "--import", "tsx"];
  const own = ["--network=own", `--only=${id}`, `--out=${out}`, `--dir=${flags.dir}`];
  const same = [`--rounds=${flags.rounds}`, ...(flags.peers ? [`--peers=${flags.peers}`] : [])];
  const script = fileURLToPath(import.meta.url);
  const { status } = spawnSync(command, [...start, script, ...own, ...same], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`The bench in a network of its own ended with ${status}`);
  const { scenarios } = JSON.parse(readFileSync(out, "utf8"));
  rmSync(dir, { recursive: true });
  return scenarios[0];
}

function tell({ name }: { readonly name: string }, outcome: RunOutcome): void {
  const text =
    outcome.kind === "finished"
      ? `${outcome.figures.seconds.toFixed(2)} s`
      : `not finished: ${outcome.why}`;
  console.log(`  ${name}: ${text}`);
}

function machine(browserPath: string): string {
  const [cpu] = cpus();
  const version = spawnSync(browserPath, ["--version"], { encoding: "utf8" }).stdout.trim();
  const memory = Math.round(totalmem() / 1e9);
  return `${cpus().length} × ${cpu?.model}, ${memory} GB, ${process.platform} ${release()}, Node ${process.versions.node}, ${version}`;
}

function save(path: string, results: readonly ScenarioResult[], browserPath: string): void {
  const measured = { machine: machine(browserPath), at: new Date(), scenarios: results };
  writeFileSync(path, `${JSON.stringify(measured, null, 2)}\n`);
}

const scenarios = chosenScenarios();
// In a network of its own the bench measures one row for another, which prints it.
const isOutermost = flags.network === "shared";
const print = (text: string) => (isOutermost ? console.log(text) : undefined);
// Found or installed by upload/start.mjs; empty where Playwright knows the place of its own.
const browserPath = process.env["SLUICE_CHROMIUM"] || chromium.executablePath();
const workDir = mkdtempSync(join(flags.dir, "sluice-bench-"));
const assetsDir = join(workDir, "assets");
const rounds = Number(flags.rounds);
const results: ScenarioResult[] = [];
try {
  await bundleContestants(assetsDir);
  print(machine(browserPath));
  for (const scenario of scenarios) {
    print(`\n${scenario.title}`);
    const result = await measure(scenario, {
      assetsDir,
      workDir,
      browserPath,
      rounds,
      onRun: tell,
    });
    results.push(result);
    if (flags.out !== undefined) save(flags.out, results, browserPath);
    print(`\n${scenarioTable(result)}`);
  }
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
print(`\n${report(results)}`);
