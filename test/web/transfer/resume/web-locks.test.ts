import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createWebLocks } from "../../../../web/transfer/resume/web-locks.ts";

const refuse = () => Promise.reject(new DOMException("sandboxed", "SecurityError"));

// What locks do where there are some is tried in a browser: test/e2e/resume-store.spec.ts.
describe.each([
  ["a page without locks", {}],
  ["a page that is refused locks", { locks: { request: refuse, query: refuse } }],
])("%s", (_, navigator) => {
  beforeEach(() => void vi.stubGlobal("navigator", navigator));
  afterEach(() => void vi.unstubAllGlobals());

  test("takes no upload twice, and knows nothing of other tabs", async () => {
    const locks = createWebLocks();
    const hold = await locks.tryHold("a");
    expect(hold).not.toBeNull();
    expect(await locks.tryHold("a")).toBeNull();
    expect(await locks.tryHold("b")).not.toBeNull();
    expect(await locks.heldElsewhere()).toEqual(new Set());
  });

  test("has it free again after its release, and no release frees what came after", async () => {
    const locks = createWebLocks();
    const first = await locks.tryHold("a");
    await first?.release();
    expect(await locks.tryHold("a")).not.toBeNull();
    await first?.release();
    expect(await locks.tryHold("a")).toBeNull();
  });
});
