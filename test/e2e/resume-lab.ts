import { fileURLToPath } from "node:url";
import { type BrowserContext, type Page, test as base } from "@playwright/test";
import { build } from "vite";
import type * as dataTransfer from "../../web/app/selection/data-transfer.ts";
import type * as folderReading from "../../web/app/selection/folder-reading.ts";
import type * as resume from "../../web/transfer/resume/index.ts";
import type { ResumeStore, UploadLocks } from "../../web/transfer/resume/index.ts";

const ORIGIN = "https://lab.example";
const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/** What pages of the lab have as `globalThis.lab`. */
export interface Lab {
  readonly resume: typeof resume;
  readonly selection: typeof dataTransfer & typeof folderReading;
  readonly store: ResumeStore;
  readonly locks: UploadLocks;
  readonly clock: Parameters<typeof resume.createIndexedDbStore>[0];
  /** All that were ever granted. */
  readonly holds: resume.Hold[];
}

/** Modules of the project that the lab has, by the name under which its page imports them. */
const MODULES = {
  resume: "web/transfer/resume/index.ts",
  "data-transfer": "web/app/selection/data-transfer.ts",
  "folder-reading": "web/app/selection/folder-reading.ts",
};

const PAGE = `<!doctype html><title>Lab</title><script type="module">
  import * as resume from "/resume.js";
  import * as dataTransfer from "/data-transfer.js";
  import * as folderReading from "/folder-reading.js";
  const clock = {
    now: () => Date.now(),
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const store = resume.createIndexedDbStore(clock);
  const locks = resume.createWebLocks();
  const selection = { ...dataTransfer, ...folderReading };
  globalThis.lab = { resume, selection, store, locks, clock, holds: [] };
</script>`;

/** The modules of the lab for a browser: sources by file name. */
async function buildLab(): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root: projectDir,
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry: MODULES, formats: ["es"] } },
  });
  const output = Array.isArray(built) ? built[0] : built;
  if (!output || !("output" in output)) throw new Error("Vite built nothing");
  const chunks = output.output.filter((file) => file.type === "chunk");
  return new Map(chunks.map(({ fileName, code }) => [fileName, code]));
}

/** Has a browser find the lab at its origin, which is secure: no server is needed. */
async function serveLab(
  context: BrowserContext,
  sources: ReadonlyMap<string, string>,
): Promise<void> {
  await context.route(`${ORIGIN}/**`, (route) => {
    const source = sources.get(new URL(route.request().url()).pathname.slice(1));
    return source === undefined
      ? route.fulfill({ contentType: "text/html", body: PAGE })
      : route.fulfill({ contentType: "text/javascript", body: source });
  });
}

/** Playwright's `test` with the lab open in two tabs of one browser. */
export const test = base.extend<
  { tab: Page; otherTab: Page },
  { sources: ReadonlyMap<string, string> }
>({
  // Playwright reads a fixture's needs from its destructured argument, also where it has none.
  // eslint-disable-next-line no-empty-pattern
  sources: [async ({}, use) => use(await buildLab()), { scope: "worker" }],
  tab: async ({ context, sources }, use) => {
    await serveLab(context, sources);
    await use(await openTab(context));
  },
  otherTab: async ({ tab }, use) => use(await openTab(tab.context())),
});

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await openLab(page);
  return page;
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
