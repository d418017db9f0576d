import type { UploadLocks } from "../../../../web/transfer/resume/upload-locks.ts";

/** A tab that shares its locks with others; a crash lets go of all it held. */
export interface LockingTab extends UploadLocks {
  crash(): void;
}

/** Opens one tab of a browser; `held` (tab by record ID) is what its tabs share. */
export function createLockingTab(held: Map<string, object>): LockingTab {
  const tab = {};
  const letGo = (recordId: string) => {
    if (held.get(recordId) === tab) held.delete(recordId);
  };
  return {
    async tryHold(recordId) {
      if (held.has(recordId)) return null;
      held.set(recordId, tab);
      let isReleased = false;
      return {
        async release() {
          if (!isReleased) letGo(recordId);
          isReleased = true;
        },
      };
    },
    async heldElsewhere() {
      return new Set([...held].filter(([, owner]) => owner !== tab).map(([recordId]) => recordId));
    },
    crash() {
      for (const recordId of held.keys()) letGo(recordId);
    },
  };
}
