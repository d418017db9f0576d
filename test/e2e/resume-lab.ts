import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "@playwright/test";
import { build } from "vite";
import type * as resume from "../../web/transfer/resume/index.ts";
import type { ResumeStore, UploadLocks } from "../../web/transfer/resume/index.ts";

const ORIGIN = "https://lab.example";
const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/** What pages of the lab have as `globalThis.lab`. */
export interface Lab {
  readonly resume: typeof resume;
  readonly store: ResumeStore;
  readonly locks: UploadLocks;
  readonly clock: Parameters<typeof resume.createIndexedDbStore>[0];
  /** All that were ever granted. */
  readonly holds: resume.Hold[];
}

const PAGE = `<!doctype html><title>Lab</title><script type="module">
  import * as resume from "/resume.js";
  const clock = {
    now: () => Date.now(),
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const store = resume.createIndexedDbStore(clock);
  const locks = resume.createWebLocks();
  globalThis.lab = { resume, store, locks, clock, holds: [] };
</script>`;

/** The room `web/transfer/resume` alone, as a module for a browser. */
export async function buildResumeRoom(): Promise<string> {
  const built = await build({
    root: projectDir,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      lib: { entry: "web/transfer/resume/index.ts", formats: ["es"] },
    },
  });
  const output = Array.isArray(built) ? built[0] : built;
  if (!output || !("output" in output)) throw new Error("Vite built nothing");
  return output.output[0].code;
}

/** Has a browser find the lab at its origin, which is secure: no server is needed. */
export async function serveLab(context: BrowserContext, code: string): Promise<void> {
  await context.route(`${ORIGIN}/**`, (route) =>
    route.request().url().endsWith("/resume.js")
      ? route.fulfill({ contentType: "text/javascript", body: code })
      : route.fulfill({ contentType: "text/html", body: PAGE }),
  );
}

/** Opens the lab in a tab, or opens it anew. */
export async function openLab(page: Page): Promise<void> {
  await page.goto(ORIGIN);
  await page.waitForFunction(() => "lab" in globalThis);
}

/** The store of the lab in `page`, called from here; handles cannot come along. */
export function storeIn(page: Page): ResumeStore {
  return {
    load: () =>
      page.evaluate(async () => {
        const { store }: Lab = Reflect.get(globalThis, "lab");
        return (await store.load()).map(({ record }) => ({ record, handle: null }));
      }),
    save: (record) =>
      page.evaluate((record) => {
        const { store }: Lab = Reflect.get(globalThis, "lab");
        return store.save(record);
      }, record),
    remove: (recordId) =>
      page.evaluate((recordId) => {
        const { store }: Lab = Reflect.get(globalThis, "lab");
        return store.remove(recordId);
      }, recordId),
  };
}

/** The locks of the lab in `page`, called from here. */
export function locksIn(page: Page): UploadLocks {
  return {
    async tryHold(recordId) {
      const index = await page.evaluate(async (recordId) => {
        const { locks, holds }: Lab = Reflect.get(globalThis, "lab");
        const hold = await locks.tryHold(recordId);
        return hold && holds.push(hold) - 1;
      }, recordId);
      if (index === null) return null;
      const release = () =>
        page.evaluate(async (index) => {
          const { holds }: Lab = Reflect.get(globalThis, "lab");
          await holds[index]?.release();
        }, index);
      return { release };
    },
    heldElsewhere: async () =>
      new Set(
        await page.evaluate(async () => {
          const { locks }: Lab = Reflect.get(globalThis, "lab");
          return [...(await locks.heldElsewhere())];
        }),
      ),
  };
}
