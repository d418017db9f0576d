import type { Hold, UploadLocks } from "./upload-locks.ts";

const PREFIX = "sluice-upload:";

/**
 * Locks of this browser. They need a secure context: without one (`http://` of another machine) this
 * tab takes no upload twice, but nothing keeps two tabs apart. What two tabs spoil of one upload,
 * its completion finds, because every part is held against what was said of it.
 * @see https://www.w3.org/TR/web-locks/
 */
export function createWebLocks(
  manager: LockManager | undefined = globalThis.navigator?.locks,
): UploadLocks {
  return manager ? new WebLocks(manager) : new TabLocks();
}

class WebLocks implements UploadLocks {
  readonly #manager: LockManager;
  /** For a browser that has locks and refuses them, as in a sandboxed frame. */
  readonly #alone = new TabLocks();
  readonly #own = new Map<string, Hold>();

  constructor(manager: LockManager) {
    this.#manager = manager;
  }

  tryHold(recordId: string): Promise<Hold | null> {
    return new Promise((resolve) => {
      const ended = this.#manager.request(PREFIX + recordId, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => {
          const hold = { release: () => this.#release(recordId, hold, release, ended) };
          this.#own.set(recordId, hold);
          resolve(hold);
        });
      });
      ended.catch(() => resolve(this.#alone.tryHold(recordId)));
    });
  }

  async heldElsewhere(): Promise<ReadonlySet<string>> {
    const { held = [] } = await this.#manager.query().catch(() => ({ held: [] }));
    const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(PREFIX));
    const recordIds = names.map((name) => name.slice(PREFIX.length));
    return new Set(recordIds.filter((recordId) => !this.#own.has(recordId)));
  }

  async #release(
    recordId: string,
    hold: Hold,
    release: () => void,
    ended: Promise<unknown>,
  ): Promise<void> {
    release();
    await ended;
    if (this.#own.get(recordId) === hold) this.#own.delete(recordId);
  }
}

/** What one tab can know by itself. */
class TabLocks implements UploadLocks {
  readonly #own = new Map<string, Hold>();

  async tryHold(recordId: string): Promise<Hold | null> {
    if (this.#own.has(recordId)) return null;
    const hold: Hold = {
      release: async () => {
        if (this.#own.get(recordId) === hold) this.#own.delete(recordId);
      },
    };
    this.#own.set(recordId, hold);
    return hold;
  }

  async heldElsewhere(): Promise<ReadonlySet<string>> {
    return new Set();
  }
}
