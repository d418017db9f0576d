/**
 * `npm run fuzz:select [-- --inputs=1000000 --seed=N --from=INDEX --slow-ms=30000]`: random and spoilt objects and
 * queries, of which none may crash the engine, hold it up, or take more memory than the bound. A find is printed
 * with what brings it back.
 */
import { parseArgs } from "node:util";
import { readCorpus } from "./corpus.ts";
import { trialOf } from "./trial.ts";
import { watchProcess } from "./watch-process.ts";

const MOST_BYTES = 640 * 1024 * 1024;
const PROCESS_INPUTS = 20_000;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_007) },
    from: { type: "string", default: "0" },
    "slow-ms": { type: "string", default: "30000" },
  },
});
const seed = Number(values.seed);
const end = Number(values.from) + Number(values.inputs);
const mostMs = Number(values["slow-ms"]);
const outcomes = new Map<string, number>();
let findCount = 0;

console.log(`seed ${seed}, inputs ${values.from} to ${end}`);
const startedAt = performance.now();
for (let start = Number(values.from); start < end;) {
  const stop = Math.min(end, start + PROCESS_INPUTS);
  const onOutcome = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const watch = { seed, start, end: stop, mostMs, mostBytes: MOST_BYTES, onOutcome };
  const find = await watchProcess(watch);
  if (find !== null) report(find.index, find.what);
  start = find === null ? stop : find.index + 1;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${start} of ${end} inputs, ${findCount} finds, ${seconds} s`);
}
const most = [...outcomes].toSorted(([, a], [, b]) => b - a);
console.log(most.map(([outcome, count]) => `${String(count).padStart(9)} ${outcome}`).join("\n"));
process.exitCode = findCount === 0 ? 0 : 1;

function report(index: number, what: string): void {
  findCount += 1;
  const { bytes, ...trial } = trialOf(seed, index, readCorpus());
  console.log(
    `FIND ${what}\n  again: npm run fuzz:select -- --seed=${seed} --from=${index} --inputs=1`,
  );
  console.log(`  ${JSON.stringify(trial)}`);
  console.log(`  ${bytes.length} bytes: ${Buffer.from(bytes).toString("base64").slice(0, 4000)}`);
}
