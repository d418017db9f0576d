import { describe, test } from "vitest";
import { createMemoryResumeStore } from "./memory-resume-store.ts";
import { RESUME_STORE_RULES } from "./resume-store-rules.ts";

// The same rules bind IndexedDB, in a browser: test/e2e/resume-store.spec.ts.
describe("the store in memory", () => {
  test.each(RESUME_STORE_RULES)("$name", async ({ check }) => {
    const now = 1_800_000_000_000;
    const store = createMemoryResumeStore(() => now);
    await check({
      store,
      now,
      reload: async () => createMemoryResumeStore(() => now, store.rows),
    });
  });
});
