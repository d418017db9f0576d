import { strict as assert } from "node:assert";
import type { UploadLocks } from "../../../../web/transfer/resume/upload-locks.ts";

/** Two tabs of one browser, holding nothing at first. */
export interface LocksScene {
  readonly first: UploadLocks;
  readonly second: UploadLocks;
  /** Ends the first tab without a word. */
  crash(): Promise<void>;
}

interface LocksRule {
  readonly name: string;
  check(scene: LocksScene): Promise<void>;
}

/** What all locks do that keep tabs apart. */
export const UPLOAD_LOCKS_RULES: readonly LocksRule[] = [
  {
    name: "let one tab work on an upload, and the other know",
    async check({ first, second }) {
      assert.ok(await first.tryHold("a"));
      assert.equal(await second.tryHold("a"), null);
      assert.ok(await second.tryHold("b"));
      assert.deepEqual(await first.heldElsewhere(), new Set(["b"]));
      assert.deepEqual(await second.heldElsewhere(), new Set(["a"]));
    },
  },
  {
    name: "refuse the same tab a second hold",
    async check({ first }) {
      assert.ok(await first.tryHold("a"));
      assert.equal(await first.tryHold("a"), null);
    },
  },
  {
    name: "are free after their release, for either tab",
    async check({ first, second }) {
      await (await first.tryHold("a"))?.release();
      await (await first.tryHold("a"))?.release();
      assert.deepEqual(await second.heldElsewhere(), new Set());
      assert.ok(await second.tryHold("a"));
    },
  },
  {
    name: "are not freed by a release of what was held before",
    async check({ first, second }) {
      const former = await first.tryHold("a");
      await former?.release();
      assert.ok(await first.tryHold("a"));
      await former?.release();
      assert.equal(await second.tryHold("a"), null);
      assert.deepEqual(await first.heldElsewhere(), new Set());
    },
  },
  {
    name: "are free once their tab is gone",
    async check({ first, second, crash }) {
      assert.ok(await first.tryHold("a"));
      await crash();
      assert.deepEqual(await second.heldElsewhere(), new Set());
      assert.ok(await second.tryHold("a"));
    },
  },
];
