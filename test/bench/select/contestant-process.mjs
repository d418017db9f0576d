/**
 * One contestant that answers one question, in a process of its own: started with its task as JSON, it answers what
 * the question took. Plain JavaScript, so that no loader adds to what is measured. Everybody answers once about the
 * first rows beforehand, which nobody times: engines load, code gets compiled, files get opened.
 */
import { summaryOf } from "./answer.mjs";
import { watchMemory } from "./peak-memory.mjs";

const task = JSON.parse(process.argv[2]);
const { open } = await import(`./engines/${task.engine}.mjs`);
const engine = await open(task);
globalThis.gc?.();
const memory = watchMemory();
if (task.warm !== null) await engine.ask(task.warm);
const cpu = process.cpuUsage();
const startedAt = performance.now();
const { rows, bytesRead } = await engine.ask(task.whole);
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpu);
const memoryBytes = memory.stop();
process.send({
  seconds,
  cpuSeconds: (user + system) / 1e6,
  memoryBytes,
  bytesRead,
  answer: summaryOf(await rows()),
});
await engine.close();
process.disconnect();
