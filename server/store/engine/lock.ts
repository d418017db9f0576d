import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";

/** A process, told apart from a later one with the same number by when it started. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/** How often a vanished holder's lock is taken over before giving up: only rivals cause more than one round. */
const ATTEMPTS = 5;

/**
 * Locks `directory` for this process until the result is called. What a killed process left is taken over.
 * @throws Error where a living process holds it
 */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, "lock");
  const own = `${JSON.stringify(thisProcess())}\n`;
  const draft = `${lock}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (tryLink(draft, lock)) return () => release(lock, own);
      const holder = readHolder(lock);
      if (holder && isAlive(holder.parsed)) {
        throw new Error(`${directory} is in use by process ${holder.parsed.pid}`);
      }
      if (holder) takeAway(lock, draft, holder.text);
    }
  } finally {
    unlinkSync(draft);
  }
  throw new Error(`${directory} cannot be locked`);
}

/** Creates the lock in one step, with its content already in it; `false` where there is one. */
function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes a dead holder's lock, unless a rival's has taken its place between reading and renaming. */
function takeAway(lock: string, draft: string, dead: string): void {
  const aside = `${draft}.stale`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== dead) tryLink(aside, lock);
  unlinkSync(aside);
}

function release(lock: string, own: string): void {
  if (readHolder(lock)?.text === own) unlinkSync(lock);
}

function readHolder(lock: string): { text: string; parsed: Holder } | undefined {
  let text: string;
  try {
    text = readFileSync(lock, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  return { text, parsed: parseHolder(text) };
}

/** A lock that a power cut left unreadable belongs to nobody: process 0 never answers. */
function parseHolder(text: string): Holder {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "pid" in value && "startedAt" in value) {
      const { pid, startedAt } = value;
      if (typeof pid === "number" && typeof startedAt === "string") return { pid, startedAt };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { pid: 0, startedAt: "" };
}

function thisProcess(): Holder {
  return { pid: process.pid, startedAt: startOf(process.pid) };
}

function isAlive({ pid, startedAt }: Holder): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if (codeOf(error) === "ESRCH") return false;
  }
  return startOf(pid) === startedAt;
}

/** When a process started, in the system's own words; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    if (process.platform === "linux") return linuxStartOf(pid);
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** Boot and clock ticks since; the name in parentheses may contain anything, so fields count from its end. */
function linuxStartOf(pid: number): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return `${boot} ${fields[19] ?? ""}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
