import { fork, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** One answering of one question. */
export interface Asking {
  readonly sql: string;
  /** A file's path; in a store, a key. */
  readonly path: string;
  /** As if the rows stood there so many times. */
  readonly repeat: number;
}

/** What a contestant's process is told. */
export interface Task {
  readonly engine: "sluice" | "duckdb" | "zlib" | "ranges";
  readonly format: string;
  /** Workers, or threads. */
  readonly threads: number;
  /** The folder of the built server, as a URL. */
  readonly built: string;
  /** Null where files are read. */
  readonly store: StoreAddress | null;
  /** Null where nothing is warmed up. */
  readonly warm: Asking | null;
  readonly whole: Asking;
}

/** Where the objects are, and how they are asked for. */
export interface StoreAddress {
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  readonly forcePathStyle: boolean;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What an answer comes down to: its rows whatever their order, and the values of one row alone. */
export interface Summary {
  readonly rowCount: number;
  readonly hash: string;
  readonly values: readonly unknown[] | null;
}

/** What one run took. */
export interface RunFigures {
  readonly seconds: number;
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** Most that was resident above what was before any question, in bytes. */
  readonly memoryBytes: number;
  /** Of the file or object; null where the engine does not say. */
  readonly bytesRead: number | null;
  readonly answer: Summary;
}

export type RunOutcome =
  | { readonly kind: "finished"; readonly figures: RunFigures }
  | { readonly kind: "unfinished"; readonly why: string };

const SCRIPT = fileURLToPath(new URL("./contestant-process.mjs", import.meta.url));

/** As `npm start` has it. */
const NODE_FLAGS = ["--expose-gc", "--max-semi-space-size=1"];

const TIME_LIMIT_MS = 180_000;

/**
 * Runs one contestant in a process of its own.
 * @param cpus the only ones that it may use, as `taskset` has them; null for all
 */
export async function runOnce(task: Task, cpus: string | null): Promise<RunOutcome> {
  const pinned = cpus === null ? {} : { execPath: "taskset" };
  const execArgv = cpus === null ? NODE_FLAGS : ["-c", cpus, process.execPath, ...NODE_FLAGS];
  const child = fork(SCRIPT, [JSON.stringify(task)], {
    ...pinned,
    execArgv,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: TIME_LIMIT_MS,
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });
  let errors = "";
  child.stderr?.on("data", (text: Buffer) => (errors += text.toString()));
  let figures: RunFigures | null = null;
  child.once("message", (message) => (figures = message as unknown as RunFigures));
  const why = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (status, signal) => {
      if (signal !== null) resolve(`ended by ${signal}`);
      else resolve(status === 0 ? null : reasonIn(errors));
    });
  });
  if (figures !== null && why === null) return { kind: "finished", figures };
  return { kind: "unfinished", why: why ?? "no answer" };
}

/** The message of an error as Node prints it. */
function reasonIn(errors: string): string {
  const line = errors.split("\n").find((each) => /^\w*(?:Error|\[\w+\])?.*Error.*: /u.test(each));
  return line ?? errors.trim().split("\n").at(-1) ?? "no reason given";
}

/** Whether processes can be kept to some processors here. */
export function canPin(): boolean {
  return spawnSync("taskset", ["-c", "0", "true"]).status === 0;
}
