/** The process that tries inputs, one after the other, and says before each which it is. */
import { attempt } from "./attempt.ts";
import { readCorpus } from "./corpus.ts";
import { trialOf } from "./trial.ts";

const [seed = 0, start = 0, end = 0] = process.argv.slice(2).map(Number);
const corpus = readCorpus();

for (let index = start; index < end; index += 1) {
  process.send?.({ index, rssBytes: process.memoryUsage.rss() });
  try {
    const outcome = await attempt(trialOf(seed, index, corpus));
    process.send?.({ outcome });
  } catch (error) {
    process.send?.({
      fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
process.disconnect?.();
