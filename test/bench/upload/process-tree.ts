import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second in `/proc`: the kernel's interface has this one value on all platforms. */
const TICKS_PER_SECOND = 100;

/** CPU time of `rootPid` and its descendants, those that ended and were waited for included; in seconds. */
export function treeCpuSeconds(rootPid: number): number {
  const ticks = descendantsOf(rootPid).flatMap((pid) => cpuTicksOf(pid) ?? []);
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** How often memory is looked at, in milliseconds. */
const SAMPLE_EVERY_MS = 200;

/** Looking for new processes costs more than looking at those that are known: every so many samples. */
const SAMPLES_PER_SEARCH = 10;

/**
 * Watches the memory of `rootPid` and its descendants from now on: anonymous and shared pages, the
 * latter counted in every process that has them; mapped files (the browser's own code) are left out.
 * `stop` gives the most that they held above what they hold now, in bytes.
 */
export function watchTreeMemory(rootPid: number): { stop(): number } {
  let pids = descendantsOf(rootPid);
  const look = () => pids.reduce((sum, pid) => sum + memoryOf(pid), 0);
  const idle = look();
  let most = idle;
  let samples = 0;
  const timer = setInterval(() => {
    samples++;
    if (samples % SAMPLES_PER_SEARCH === 0) pids = descendantsOf(rootPid);
    most = Math.max(most, look());
  }, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, look()) - idle;
    },
  };
}

function descendantsOf(rootPid: number): number[] {
  const childrenByParent = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = parentOf(name);
    if (parent === null) continue;
    childrenByParent.set(parent, [...(childrenByParent.get(parent) ?? []), Number(name)]);
  }
  const found = [rootPid];
  for (const pid of found) found.push(...(childrenByParent.get(pid) ?? []));
  return found;
}

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Fields of `/proc/pid/stat` after the name, which may itself hold spaces and brackets. */
function statOf(pid: number | string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It ended meanwhile.
    return null;
  }
}

function parentOf(pid: string): number | null {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

function cpuTicksOf(pid: number): number | null {
  const fields = statOf(pid);
  if (fields === null) return null;
  // utime, stime, cutime, cstime
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function memoryOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "latin1");
    const kilobytes = [/RssAnon:\s+(\d+)/, /RssShmem:\s+(\d+)/].map((pattern) =>
      Number(pattern.exec(text)?.[1] ?? 0),
    );
    return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
  } catch {
    return 0;
  }
}
