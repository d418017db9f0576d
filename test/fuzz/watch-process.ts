import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

/** Something that must not happen, and the input that it happened with. */
export interface Find {
  readonly index: number;
  readonly what: string;
}

/** What a process tries, and what it may take for it. */
export interface Watch {
  readonly seed: number;
  readonly start: number;
  readonly end: number;
  readonly mostMs: number;
  readonly mostBytes: number;
  onOutcome(outcome: string, index: number): void;
}

const Message = z.union([
  z.object({ index: z.int(), rssBytes: z.int() }),
  z.object({ outcome: z.string() }),
  z.object({ fault: z.string() }),
]);

const HEAP_MIB = 256;

/**
 * Has a process of its own try inputs, up to the first find or to the end.
 * @returns the find, or null
 */
export function watchProcess({
  seed,
  start,
  end,
  mostMs,
  mostBytes,
  onOutcome,
}: Watch): Promise<Find | null> {
  const script = fileURLToPath(new URL("try-inputs.ts", import.meta.url));
  const child = fork(script, [seed, start, end].map(String), {
    execArgv: ["--import", "tsx", `--max-old-space-size=${HEAP_MIB}`],
  });
  return new Promise((resolve) => {
    let index = start;
    let timer: NodeJS.Timeout | undefined;
    const finish = (what: string | null) => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill("SIGKILL");
      resolve(what === null ? null : { index, what });
    };
    child.on("message", (text) => {
      const message = Message.parse(text);
      if ("fault" in message) return finish(message.fault);
      if ("outcome" in message) return onOutcome(message.outcome, index);
      index = message.index;
      clearTimeout(timer);
      timer = setTimeout(() => finish(`took longer than ${mostMs} ms`), mostMs);
      if (message.rssBytes > mostBytes) {
        index -= 1;
        finish(`the process has ${Math.round(message.rssBytes / 2 ** 20)} MiB`);
      }
    });
    child.on("exit", (code, signal) => {
      finish(code === 0 ? null : `the process ended: ${signal ?? code ?? "?"}`);
    });
  });
}
