import type { Hold, UploadLocks } from "../../../../web/transfer/resume/upload-locks.ts";

/** A tab that shares its locks with others; a crash lets go of all it held. */
export interface LockingTab extends UploadLocks {
  crash(): void;
}

/** Opens one tab of a browser; `holds` (by record ID) is what its tabs share. */
export function createLockingTab(holds: Map<string, Hold>): LockingTab {
  const own = new Set<Hold>();
  return {
    async tryHold(recordId) {
      if (holds.has(recordId)) return null;
      const hold: Hold = {
        async release() {
          if (holds.get(recordId) === hold) holds.delete(recordId);
        },
      };
      holds.set(recordId, hold);
      own.add(hold);
      return hold;
    },
    async heldElsewhere() {
      return new Set([...holds].filter(([, hold]) => !own.has(hold)).map(([recordId]) => recordId));
    },
    crash() {
      for (const hold of own) void hold.release();
    },
  };
}
