import { expect, type Page } from "@playwright/test";
import { heldParts, recordOf } from "../web/transfer/resume/records.ts";
import { RESUME_STORE_RULES } from "../web/transfer/resume/resume-store-rules.ts";
import { UPLOAD_LOCKS_RULES } from "../web/transfer/resume/upload-locks-rules.ts";
import { type Lab, locksIn, openLab, storeIn, test } from "./resume-lab.ts";

const young = (recordId = "a") => recordOf({ recordId, startedAt: Date.now() });

test.describe("IndexedDB as a store", () => {
  for (const { name, check } of RESUME_STORE_RULES) {
    test(name, async ({ tab }) => {
      const reload = async () => {
        await openLab(tab);
        return storeIn(tab);
      };
      await check({ store: storeIn(tab), now: Date.now(), reload });
    });
  }

  test("keeps a handle beside a record until it is taken away, and opens it", async ({ tab }) => {
    await tab.evaluate(async (record) => {
      const { store }: Lab = Reflect.get(globalThis, "lab");
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle("film.mp4", { create: true });
      const stream = await handle.createWritable();
      await stream.write("hello");
      await stream.close();
      await store.save(record, handle);
      await store.save(record);
    }, young());
    await openLab(tab);
    const readKept = () =>
      tab.evaluate(async () => {
        const { store, resume }: Lab = Reflect.get(globalThis, "lab");
        const [stored] = await store.load();
        const file = stored?.handle && (await resume.openKept(stored.handle));
        return file instanceof File ? file.text() : file;
      });
    expect(await readKept()).toBe("hello");
    await tab.evaluate(async (record) => {
      const { store }: Lab = Reflect.get(globalThis, "lab");
      await store.save(record, null);
    }, young());
    expect(await readKept()).toBeNull();
  });

  test("remembers an upload whose handle the browser cannot keep", async ({ tab }) => {
    await tab.evaluate(async (record) => {
      const { store }: Lab = Reflect.get(globalThis, "lab");
      // A function cannot be cloned, and so stands for a handle that cannot.
      await store.save(record, { getFile: () => null } as unknown as FileSystemFileHandle);
    }, young());
    expect(await storeIn(tab).load()).toHaveLength(1);
  });

  test("throws away what is broken or foreign, with its parts, and keeps the rest", async ({
    tab,
  }) => {
    const good = young("good");
    for (const record of [good, young("page lost"), young("page spoilt")]) {
      await storeIn(tab).save(record);
    }
    await tab.evaluate(async () => {
      const opening = indexedDB.open("sluice-uploads");
      await new Promise((resolve) => opening.addEventListener("success", resolve));
      const transaction = opening.result.transaction(["uploads", "pages"], "readwrite");
      const uploads = transaction.objectStore("uploads");
      uploads.put("a text", "foreign");
      uploads.put({ version: 99, recordId: "later" }, "later");
      transaction.objectStore("pages").delete(["page lost", 0]);
      transaction.objectStore("pages").put("[{", ["page spoilt", 0]);
      await new Promise((resolve) => transaction.addEventListener("complete", resolve));
    });
    await openLab(tab);
    expect((await storeIn(tab).load()).map(({ record }) => record)).toEqual([good]);
    expect(await keysOf(tab)).toEqual({ uploads: ["good"], pages: [["good", 0]], handles: [] });
  });

  test("writes of 10,000 parts only the page that changed", async ({ tab }) => {
    const record = { ...young(), sizeBytes: 10_000_000, parts: heldParts(10_000, 1000) };
    await storeIn(tab).save(record);
    // On the next visit it knows what lies there from having loaded it.
    await openLab(tab);
    await storeIn(tab).load();
    await tab.evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      const written: string[] = [];
      IDBObjectStore.prototype.put = function (value, key) {
        written.push(`${this.name} ${JSON.stringify(key)}`);
        return put.call(this, value, key);
      };
      Object.assign(globalThis, { written });
    });
    const parts = record.parts.map((part) =>
      part.partNumber === 300 ? { ...part, etag: null } : part,
    );
    await storeIn(tab).save({ ...record, parts });
    const written = await tab.evaluate<string[]>(() => Reflect.get(globalThis, "written"));
    expect(written).toEqual(['uploads "a"', 'pages ["a",1]']);
  });

  test("what was flushed while the page went away is there on the next visit", async ({ tab }) => {
    await tab.evaluate(async (record) => {
      const { resume, store, clock }: Lab = Reflect.get(globalThis, "lab");
      const saver = resume.createRecordSaver(store, clock, (error) => {
        throw error;
      });
      saver.save(record);
      await saver.flush();
      saver.save({ ...record, updatedAt: record.updatedAt + 1 });
      addEventListener("pagehide", () => void saver.flush());
    }, young());
    await openLab(tab);
    const [stored] = await storeIn(tab).load();
    expect(stored?.record.updatedAt).toBe(young().updatedAt + 1);
  });
});

test.describe("where IndexedDB does not serve", () => {
  test("a full disk means: not remembered, until there is room", async ({ tab, context }) => {
    const devTools = await context.newCDPSession(tab);
    const origin = new URL(tab.url()).origin;
    await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
    expect(await failureOf(tab, young())).toMatchObject({
      code: "not-remembered",
      cause: "QuotaExceededError",
    });
    await devTools.send("Storage.overrideQuotaForOrigin", { origin });
    // The browser looks at the room that is left every now and then.
    await expect.poll(() => failureOf(tab, young()), { timeout: 30_000 }).toBeNull();
    expect(await storeIn(tab).load()).toHaveLength(1);
  });

  test("a browser without it remembers nothing, and says so once asked to", async ({ tab }) => {
    await tab.addInitScript(() => {
      Object.defineProperty(globalThis, "indexedDB", {
        get: () => {
          throw new DOMException("private window", "SecurityError");
        },
      });
    });
    await openLab(tab);
    expect(await storeIn(tab).load()).toEqual([]);
    expect(await failureOf(tab, young())).toMatchObject({
      code: "not-remembered",
      cause: "SecurityError",
    });
  });

  test("a database of a later version is left alone", async ({ tab, otherTab }) => {
    await otherTab.evaluate(async () => {
      const opening = indexedDB.open("sluice-uploads", 99);
      await new Promise((resolve) => opening.addEventListener("success", resolve));
    });
    expect(await storeIn(tab).load()).toEqual([]);
    expect(await failureOf(tab, young())).toMatchObject({
      code: "not-remembered",
      cause: "VersionError",
    });
  });

  test("a person who clears the site's data is not kept waiting, and it goes on", async ({
    tab,
    otherTab,
  }) => {
    await storeIn(tab).save(young());
    const ended = await otherTab.evaluate(async () => {
      const deleting = indexedDB.deleteDatabase("sluice-uploads");
      return new Promise((resolve) => {
        deleting.addEventListener("success", () => resolve("deleted"));
        deleting.addEventListener("blocked", () => resolve("blocked"));
      });
    });
    expect(ended).toBe("deleted");
    await storeIn(tab).save(young("after"));
    expect((await storeIn(otherTab).load()).map(({ record }) => record.recordId)).toEqual([
      "after",
    ]);
  });
});

test.describe("locks of two tabs", () => {
  for (const { name, check } of UPLOAD_LOCKS_RULES) {
    test(name, async ({ tab, otherTab }) => {
      const second = locksIn(otherTab);
      const crash = async () => {
        await tab.close();
        // The browser hears of it from the process that ended.
        const heldCount = async () => (await second.heldElsewhere()).size;
        await expect.poll(heldCount, { timeout: 30_000 }).toBe(0);
      };
      await check({ first: locksIn(tab), second, crash });
    });
  }
});

/** How saving fails: its code, and the name of what the browser said. */
function failureOf(page: Page, record: ReturnType<typeof recordOf>) {
  return page.evaluate(async (record) => {
    const { store }: Lab = Reflect.get(globalThis, "lab");
    try {
      await store.save(record);
      return null;
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error)) throw error;
      const { cause } = error;
      return { code: error.code, cause: cause instanceof DOMException ? cause.name : cause };
    }
  }, record);
}

function keysOf(page: Page) {
  return page.evaluate(async () => {
    const opening = indexedDB.open("sluice-uploads");
    await new Promise((resolve) => opening.addEventListener("success", resolve));
    const stores = ["uploads", "pages", "handles"];
    const transaction = opening.result.transaction(stores);
    const keys = stores.map(
      (store) => [store, transaction.objectStore(store).getAllKeys()] as const,
    );
    await new Promise((resolve) => transaction.addEventListener("complete", resolve));
    return Object.fromEntries(keys.map(([store, request]) => [store, request.result]));
  });
}
