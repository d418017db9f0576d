import { PageSetup, type PageResult } from "../protocol.ts";

/** Uploads `files` and gives their keys, in order, once all of them are there. */
export type Contestant = (files: readonly File[], setup: PageSetup) => Promise<readonly string[]>;

const run = new URLSearchParams(location.search).get("run") ?? "";

/** One run: fetches what it is to do, waits for files and for the word, and reports how it went. */
export async function runPage(contestant: Contestant): Promise<void> {
  const setup = PageSetup.parse(await (await fetch(`/bench/setup?run=${run}`)).json());
  const files = await chosenFiles();
  const longTasks = watchLongTasks();
  // Answered when the bench has taken its first measurements.
  await fetch(`/bench/start?run=${run}`, { method: "POST" });
  const startedAt = performance.now();
  let keys: readonly string[] = [];
  let failure: string | null = null;
  try {
    keys = await contestant(files, setup);
  } catch (error) {
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  const durationMs = performance.now() - startedAt;
  const result: PageResult = {
    durationMs,
    keys: [...keys],
    longTasksMs: longTasks(startedAt),
    failure,
  };
  await fetch(`/bench/result?run=${run}`, { method: "POST", body: JSON.stringify(result) });
}

function chosenFiles(): Promise<readonly File[]> {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", multiple: true });
  document.body.append(input);
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve([...(input.files ?? [])]), { once: true });
    void fetch(`/bench/loaded?run=${run}`, { method: "POST" });
  });
}

/** Collects tasks above 50 ms; the answer gives the lengths of those that began after `sinceMs`. */
function watchLongTasks(): (sinceMs: number) => number[] {
  const entries: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
  observer.observe({ entryTypes: ["longtask"] });
  return (sinceMs) => {
    entries.push(...observer.takeRecords());
    observer.disconnect();
    return entries
      .filter(({ startTime, duration }) => startTime + duration > sinceMs)
      .map(({ duration }) => duration);
  };
}
