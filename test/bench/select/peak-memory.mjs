import { readFileSync, writeFileSync } from "node:fs";

const SAMPLE_EVERY_MS = 10;

/**
 * Watches this process's resident memory from now on; `stop` answers the most that it had above what it has now, in
 * bytes. Linux keeps the mark itself, to the page; elsewhere it is looked for a hundred times a second.
 */
export function watchMemory() {
  const idle = process.memoryUsage.rss();
  const isMarked = resetMark();
  let most = idle;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = isMarked ? undefined : setInterval(look, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return (isMarked ? markBytes() : most) - idle;
    },
  };
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
function resetMark() {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

function markBytes() {
  const status = readFileSync("/proc/self/status", "latin1");
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) * 1024;
}
