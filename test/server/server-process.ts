import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

/** The server as a person starts it, with a store of its own. */
export interface ServerProcess {
  /** Without a slash at its end. */
  readonly url: string;
  /** All that it has printed, once it has ended. */
  log(): Promise<string>;
  end(): Promise<void>;
}

/** Starts it on free ports, with nothing of this environment but what a program needs. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-process-"));
  const free = { PORT: "0", STORE_PORT: "0", STORE_DIR: dir };
  const child = spawn(process.execPath, ["--import", "tsx", main], {
    env: { PATH: process.env["PATH"] ?? "", ...free, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    const collect = (data: Buffer) => {
      text += data.toString();
      const [, found] = /Sluice {2}(http:\S+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("exit", () => reject(new Error(`It ended: ${text}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
  };
  return {
    url,
    async log() {
      await stop();
      return text;
    },
    async end() {
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
