import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod/mini";
import { openDevtoolsPipe, type DevtoolsPipe } from "./devtools-pipe.ts";

/**
 * A browser of its own for one run. DevTools choose its files and are gone before anything is timed:
 * their Network domain, which test drivers switch on, copies bodies and ruins timings.
 */
export interface Browser {
  readonly pid: number;
  /** Chooses files from the disk in the page's `<input type=file>`, as a person would. */
  chooseFiles(paths: readonly string[]): Promise<void>;
  /** Resolves when the browser has ended, by itself or because of `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const FLAGS = [
  "--headless=new",
  "--remote-debugging-pipe",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-breakpad",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
  "--mute-audio",
];

/** How often the page is looked for, in milliseconds. */
const LOOK_AGAIN_MS = 50;

const Targets = z.object({
  targetInfos: z.array(z.object({ targetId: z.string(), type: z.string(), url: z.string() })),
});
const Attached = z.object({ sessionId: z.string() });
const Document = z.object({ root: z.object({ nodeId: z.int() }) });
const Found = z.object({ nodeId: z.int() });

/** Starts the browser at `executable` with `url` open and an empty profile. */
export function launchBrowser(executable: string, url: string): Browser {
  const profile = mkdtempSync(join(tmpdir(), "sluice-bench-browser-"));
  // Chromium's own sandbox refuses to work for root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(executable, [...FLAGS, ...sandbox, `--user-data-dir=${profile}`, url], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    // Where a profile's own folder is not enough, nothing of an earlier run may be found.
    env: { ...process.env, HOME: profile },
  });
  const [, , , output, input] = child.stdio;
  if (!(output instanceof Writable) || !(input instanceof Readable)) throw new Error("No pipes");
  const devtools = openDevtoolsPipe(output, input);
  const ended = once(child, "exit").then(() => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    chooseFiles: (paths) => chooseFiles(devtools, url, paths),
    async close() {
      // By signal: a browser that is busy with an upload would first ask whether to leave.
      child.kill("SIGKILL");
      await ended;
      // Its other processes end a moment later, and write until then.
      await rm(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function chooseFiles(devtools: DevtoolsPipe, url: string, paths: readonly string[]) {
  const targetId = await findPage(devtools, url);
  const attached = await devtools.send("Target.attachToTarget", { targetId, flatten: true });
  const { sessionId } = Attached.parse(attached);
  const { root } = Document.parse(await devtools.send("DOM.getDocument", {}, sessionId));
  const selector = { nodeId: root.nodeId, selector: "input[type=file]" };
  const input = Found.parse(await devtools.send("DOM.querySelector", selector, sessionId));
  await devtools.send("DOM.setFileInputFiles", { files: paths, ...input }, sessionId);
  await devtools.send("Target.detachFromTarget", { sessionId });
}

async function findPage(devtools: DevtoolsPipe, url: string): Promise<string> {
  for (;;) {
    const { targetInfos } = Targets.parse(await devtools.send("Target.getTargets", {}));
    const page = targetInfos.find((target) => target.type === "page" && target.url === url);
    if (page !== undefined) return page.targetId;
    await delay(LOOK_AGAIN_MS);
  }
}
