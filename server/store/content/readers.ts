/** Who reads what: content that is given up stays until its last reader has left. */
export interface Readers {
  /** Counts a reader of `ownerId` in; the result counts it out, once. */
  pin(ownerId: string): () => void;
  /** Removes content now or, where its owner is being read, later. */
  release(ownerId: string, ids: readonly string[]): void;
  /** Whether content was given up and waits for a reader. */
  isWaiting(id: string): boolean;
}

/** Starts with no readers; `remove` is called with content that nobody needs any more. */
export function createReaders(remove: (ids: readonly string[]) => void): Readers {
  const owners = new Map<string, { count: number; given: string[] }>();
  const waiting = new Set<string>();

  function leave(ownerId: string): void {
    const owner = owners.get(ownerId);
    if (!owner || --owner.count > 0) return;
    owners.delete(ownerId);
    for (const id of owner.given) waiting.delete(id);
    if (owner.given.length > 0) remove(owner.given);
  }

  return {
    pin(ownerId) {
      const owner = owners.get(ownerId) ?? { count: 0, given: [] };
      owner.count++;
      owners.set(ownerId, owner);
      let isPinned = true;
      return () => {
        if (isPinned) leave(ownerId);
        isPinned = false;
      };
    },
    release(ownerId, ids) {
      const owner = owners.get(ownerId);
      if (owner) {
        owner.given.push(...ids);
        for (const id of ids) waiting.add(id);
      } else if (ids.length > 0) {
        remove(ids);
      }
    },
    isWaiting: (id) => waiting.has(id),
  };
}
