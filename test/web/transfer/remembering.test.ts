import { describe, expect, it } from "vitest";
import type { Hold } from "../../../web/transfer/resume/index.ts";
import { createMemoryResumeStore } from "./resume/memory-resume-store.ts";
import { createLockingTab } from "./resume/memory-upload-locks.ts";
import { rest } from "./rig/fake-clock.ts";
import { createModelBackend } from "./rig/model-backend.ts";
import { createModelHasher, MODEL_STORAGE } from "./rig/model-hasher.ts";
import { createScene, fileOf, partOf } from "./rig/scene.ts";

const NOW = 1_800_000_000_000;

/** A browser with its database and locks, and the storage that its tabs upload to. */
function createBrowser(backend = createModelBackend()) {
  const rows = createMemoryResumeStore(() => NOW).rows;
  const holds = new Map<string, Hold>();
  return {
    rows,
    backend,
    async openTab() {
      const locks = createLockingTab(holds);
      const store = createMemoryResumeStore(() => NOW, rows);
      const scene = createScene({
        backend,
        storage: MODEL_STORAGE,
        hasher: createModelHasher(),
        resume: { store, locks },
      });
      await rest();
      return {
        ...scene,
        store,
        /** The tab is gone from one moment to the next: nothing is stopped or said. */
        crash() {
          locks.crash();
        },
      };
    },
  };
}

/** A file of ten parts whose handle the browser keeps. */
function keptFile(file: File, permission: PermissionState = "granted") {
  const handle = {
    name: file.name,
    getFile: async () => file,
    queryPermission: async () => permission,
    requestPermission: async () => permission,
  };
  // As much of a handle as is used of it.
  return { file, relativePath: file.name, handle: handle as unknown as FileSystemFileHandle };
}

/** Uploads `count` parts of a file of 100 bytes, then the tab crashes. */
async function leaveUnfinished(
  browser: ReturnType<typeof createBrowser>,
  count: number,
  file = fileOf(100),
) {
  const tab = await browser.openTab();
  tab.uploader.add([keptFile(file)]);
  await rest();
  const parts: number[] = [];
  for (let part = 0; part < count; part += 1) {
    const request = await tab.transport.next();
    parts.push(partOf(request));
    await tab.accept(request);
  }
  await tab.clock.advance(2500);
  tab.crash();
  return parts;
}

describe("an upload that its tab left unfinished", () => {
  it("is offered by the next visit, with what the storage had confirmed", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    const tab = await browser.openTab();
    expect(tab.uploader.resumable()).toMatchObject([
      { name: "file.bin", sizeBytes: 100, heldBytes: 60, key: "file.bin", how: "ready" },
    ]);
  });

  it("goes on with one click, and sends nothing that the storage holds", async () => {
    const browser = createBrowser();
    const before = await leaveUnfinished(browser, 6);
    const tab = await browser.openTab();
    const id = await tab.uploader.takeUp(tab.uploader.resumable()[0]?.id ?? "");
    await rest();
    expect(tab.uploader.resumable()).toEqual([]);
    const sent: number[] = [];
    while (tab.state(id) !== "done") {
      const request = await tab.transport.next();
      sent.push(partOf(request));
      await tab.accept(request);
    }
    expect([...before, ...sent].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
    expect(tab.view(id).resumedBytes).toBe(60);
    expect(browser.backend.objects.get("file.bin")).toHaveLength(100);
    await rest();
    expect(browser.rows.size).toBe(0);
  });

  it("goes on where the same file is added again", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    const tab = await browser.openTab();
    const [id = ""] = tab.uploader.add([fileOf(100)]);
    await tab.acceptAll();
    expect(tab.state(id)).toBe("done");
    expect(tab.view(id).resumedBytes).toBe(60);
    expect(browser.backend.calls.filter((call) => call === "create")).toHaveLength(1);
  });

  it("goes on where the file is added before the browser has looked", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    const opening = browser.openTab();
    const tab = await opening;
    const [id = ""] = tab.uploader.add([fileOf(100)]);
    await tab.acceptAll();
    expect(tab.state(id)).toBe("done");
    expect(browser.backend.calls.filter((call) => call === "create")).toHaveLength(1);
  });

  it("takes a file of the same name, size and date with other bytes for another one", async () => {
    const browser = createBrowser();
    const original = fileOf(100);
    await leaveUnfinished(browser, 6, original);
    const bytes = new Uint8Array(await original.arrayBuffer()).map((byte) => byte ^ 1);
    const other = new File([bytes], original.name, {
      type: original.type,
      lastModified: original.lastModified,
    });
    const tab = await browser.openTab();
    const [id = ""] = tab.uploader.add([other]);
    await tab.acceptAll();
    expect(tab.state(id)).toBe("done");
    expect(tab.view(id).resumedBytes).toBe(0);
    expect(browser.backend.objects.get("file.bin")).toEqual(bytes);
    expect(tab.uploader.resumable()).toHaveLength(1);
  });

  it("refuses a file that is another one, by name, and stays", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    const tab = await browser.openTab();
    const resumable = tab.uploader.resumable()[0]?.id ?? "";
    await expect(tab.uploader.takeUp(resumable, fileOf(99))).rejects.toMatchObject({
      code: "file-changed",
    });
    expect(tab.uploader.resumable()).toHaveLength(1);
    await expect(tab.uploader.takeUp("unknown")).rejects.toMatchObject({ code: "not-found" });
  });

  it("starts again by itself, and says so, where the storage forgot it", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    browser.backend.forget("id1");
    const tab = await browser.openTab();
    const id = await tab.uploader.takeUp(tab.uploader.resumable()[0]?.id ?? "");
    await tab.acceptAll();
    expect(tab.state(id)).toBe("done");
    expect(tab.view(id)).toMatchObject({ startedAgain: true });
    expect(browser.backend.objects.get("file.bin")).toHaveLength(100);
  });

  it("is done at once where only the last answer was missing", async () => {
    const browser = createBrowser();
    browser.backend.afterCall = (name) => {
      if (name === "complete") throw new Error("the tab is gone");
    };
    await leaveUnfinished(browser, 10);
    browser.backend.afterCall = () => undefined;
    const tab = await browser.openTab();
    const id = await tab.uploader.takeUp(tab.uploader.resumable()[0]?.id ?? "");
    await rest();
    expect(tab.state(id)).toBe("done");
    expect(tab.transport.waiting).toEqual([]);
  });

  it("is given up with its parts when it is discarded", async () => {
    const browser = createBrowser();
    await leaveUnfinished(browser, 6);
    const tab = await browser.openTab();
    await tab.uploader.discard(tab.uploader.resumable()[0]?.id ?? "");
    expect(tab.uploader.resumable()).toEqual([]);
    expect(browser.rows.size).toBe(0);
    expect(browser.backend.uploads.get("id1")?.state).toBe("aborted");
  });

  it("takes over a part that arrived after the last note of it", async () => {
    const browser = createBrowser();
    const tab = await browser.openTab();
    tab.uploader.add([keptFile(fileOf(100))]);
    await rest();
    await tab.clock.advance(2500);
    const late = await tab.transport.next();
    await tab.accept(late);
    tab.crash();
    const next = await browser.openTab();
    const id = await next.uploader.takeUp(next.uploader.resumable()[0]?.id ?? "");
    await rest();
    expect(next.transport.waiting.map(partOf)).not.toContain(partOf(late));
    await next.acceptAll();
    expect(next.state(id)).toBe("done");
  });
});

describe("two tabs", () => {
  it("never work on one upload", async () => {
    const browser = createBrowser();
    const first = await browser.openTab();
    first.uploader.add([keptFile(fileOf(100))]);
    await rest();
    await first.clock.advance(2500);
    const second = await browser.openTab();
    const [resumable] = second.uploader.resumable();
    expect(resumable).toMatchObject({ how: "elsewhere" });
    await expect(second.uploader.takeUp(resumable?.id ?? "")).rejects.toMatchObject({
      code: "in-use",
    });
    await second.uploader.discard(resumable?.id ?? "");
    expect(browser.backend.calls).not.toContain("abort");
  });

  it("see what became of each other's uploads", async () => {
    const browser = createBrowser();
    const first = await browser.openTab();
    first.uploader.add([keptFile(fileOf(100))]);
    await rest();
    await first.clock.advance(2500);
    const second = await browser.openTab();
    expect(second.uploader.resumable()).toHaveLength(1);
    await first.acceptAll();
    await second.clock.advance(16_000);
    expect(second.uploader.resumable()).toEqual([]);
  });
});

describe("what is remembered", () => {
  it("is forgotten with a cancelled upload, and never holds small files", async () => {
    const browser = createBrowser();
    const tab = await browser.openTab();
    const [large = "", small = ""] = tab.uploader.add([keptFile(fileOf(100)), fileOf(5, "s")]);
    await rest();
    expect(browser.rows.size).toBe(1);
    await tab.uploader.cancel(large);
    await tab.uploader.cancel(small);
    await rest();
    expect(browser.rows.size).toBe(0);
  });

  it("is no condition: where nothing can be written, files go up all the same", async () => {
    const browser = createBrowser();
    const tab = await browser.openTab();
    tab.store.fault = new Error("the disk is full");
    const [id = ""] = tab.uploader.add([keptFile(fileOf(100))]);
    await tab.acceptAll();
    expect(tab.state(id)).toBe("done");
  });

  it("needs the person where the browser may no longer read the file", async () => {
    const browser = createBrowser();
    const tab = await browser.openTab();
    tab.uploader.add([keptFile(fileOf(100), "denied")]);
    await rest();
    await tab.clock.advance(2500);
    tab.crash();
    const next = await browser.openTab();
    const taking = next.uploader.takeUp(next.uploader.resumable()[0]?.id ?? "");
    await expect(taking).rejects.toMatchObject({ code: "file-denied" });
  });
});

describe("an upload that a link names", () => {
  it("goes on in a browser that never saw it, with the parts that are there", async () => {
    const first = createBrowser();
    await leaveUnfinished(first, 3);
    const sessionId = [...first.backend.uploads.keys()][0] ?? "";
    const other = createBrowser(first.backend);
    const tab = await other.openTab();
    const file = fileOf(100);
    const link = { sessionId, name: file.name, lastModified: file.lastModified };
    const resumable = await tab.uploader.adopt(link);
    expect(tab.uploader.resumable()).toMatchObject([
      { id: resumable, name: file.name, heldBytes: 30, how: "choose" },
    ]);
    // Once more, as a link that is opened twice.
    expect(await tab.uploader.adopt(link)).toBe(resumable);
    const id = await tab.uploader.takeUp(resumable, file);
    await rest();
    expect(tab.uploader.get(id)?.resumedBytes).toBe(30);
  });

  it("is refused where it is gone", async () => {
    const tab = await createBrowser().openTab();
    const link = { sessionId: "unknown", name: "a", lastModified: 0 };
    await expect(tab.uploader.adopt(link)).rejects.toThrow();
    expect(tab.uploader.resumable()).toEqual([]);
  });
});
