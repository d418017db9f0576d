import { describe, test } from "vitest";
import type { Hold } from "../../../../web/transfer/resume/upload-locks.ts";
import { createLockingTab } from "./memory-upload-locks.ts";
import { UPLOAD_LOCKS_RULES } from "./upload-locks-rules.ts";

// The same rules bind Web Locks, in a browser: test/e2e/resume-store.spec.ts.
describe("locks in memory", () => {
  test.each(UPLOAD_LOCKS_RULES)("$name", async ({ check }) => {
    const holds = new Map<string, Hold>();
    const first = createLockingTab(holds);
    await check({ first, second: createLockingTab(holds), crash: async () => first.crash() });
  });
});
