import { SelectError } from "../../../shared/select/select-error.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { clearMemory, createBlockMemory } from "./block-memory.ts";

/** Queries that have memory at once; one more is told to come again. */
const MOST_LENT = 24;

/**
 * Memories of one size, which queries have one after another. They are kept: the engine does not know how large shared
 * memory is, and lets what nobody has any more lie about. So there are never more than there were queries at once.
 */
export class MemoryPool {
  readonly #slotCount: number;
  readonly #idle: KernelMemory[] = [];
  #lentCount = 0;

  /** @param slotCount blocks that have room in each */
  constructor(slotCount: number) {
    this.#slotCount = slotCount;
  }

  /** Memories that queries have, and those that wait for the next ones. */
  get counts(): { readonly lent: number; readonly idle: number } {
    return { lent: this.#lentCount, idle: this.#idle.length };
  }

  /**
   * Memory in which nothing is planned, for one query.
   * @throws SelectError `Busy` where too many have some
   */
  lend(): MemoryLease {
    if (this.#lentCount === MOST_LENT) {
      const detail = `${MOST_LENT} queries are under way; ask again once one of them has ended.`;
      throw new SelectError("Busy", detail);
    }
    const memory = this.#reused() ?? createBlockMemory(this.#slotCount);
    this.#lentCount += 1;
    return new MemoryLease(memory, this.#slotCount, () => {
      this.#lentCount -= 1;
      this.#idle.push(memory);
    });
  }

  /** The one that was used last, whose pages are there. */
  #reused(): KernelMemory | undefined {
    const memory = this.#idle.pop();
    if (memory !== undefined) clearMemory(memory, this.#slotCount);
    return memory;
  }
}

/** Memory that one query has until it has ended and everybody who works in it has settled. */
export class MemoryLease {
  readonly memory: KernelMemory;
  /** Blocks that have room in it. */
  readonly slotCount: number;
  readonly #giveBack: () => void;
  #workCount = 0;
  #isEnded = false;

  constructor(memory: KernelMemory, slotCount: number, giveBack: () => void) {
    this.memory = memory;
    this.slotCount = slotCount;
    this.#giveBack = giveBack;
  }

  /**
   * Has work done in the memory, which is nobody else's before that has settled.
   * @throws Error where the query has ended; what the work fails with
   */
  async hold<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isEnded) throw new Error("Nothing is done for a query that has ended");
    this.#workCount += 1;
    try {
      return await work();
    } finally {
      this.#workCount -= 1;
      if (this.#isEnded && this.#workCount === 0) this.#giveBack();
    }
  }

  /** The query has ended, and begins nothing more; a second call does nothing. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#workCount === 0) this.#giveBack();
  }
}
