import { BackendError, listObjects } from "../../backend.ts";

/** A folder or an object of the bucket, by its whole key. */
export interface FoundEntry {
  readonly kind: "folder" | "object";
  readonly key: string;
  /** Of an object, in bytes. */
  readonly sizeBytes: number;
}

/** What was found of what begins with the letters that were typed. */
export type SearchState =
  | { readonly kind: "idle" }
  | { readonly kind: "searching" }
  | { readonly kind: "found"; readonly nextCursor: string | null }
  | { readonly kind: "failed"; readonly problem: BackendError };

/** A person types on for so long, in milliseconds, before the bucket is asked. */
const TYPING_MS = 140;

const PAGE_ENTRIES = 100;

/** Most entries that are shown: whoever looks for another types another letter. */
const MAX_ENTRIES = 1000;

/** Looks for objects by the beginning of their keys, folder by folder. */
export class ObjectSearch {
  readonly #list: typeof listObjects;
  #state = $state.raw<SearchState>({ kind: "idle" });
  #entries = $state.raw<readonly FoundEntry[]>([]);
  #prefix: string | null = null;
  #searching = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(list = listObjects) {
    this.#list = list;
  }

  get state(): SearchState {
    return this.#state;
  }

  get entries(): readonly FoundEntry[] {
    return this.#entries;
  }

  /** Whether there are more that can be shown. */
  get hasMore(): boolean {
    const { state } = this;
    return (
      state.kind === "found" && state.nextCursor !== null && this.#entries.length < MAX_ENTRIES
    );
  }

  /** Looks for what begins so, once the typing has come to rest. */
  search(prefix: string): void {
    if (prefix === this.#prefix) return;
    this.#prefix = prefix;
    clearTimeout(this.#timer);
    this.#state = { kind: "searching" };
    this.#timer = setTimeout(() => void this.#ask(prefix, null), TYPING_MS);
  }

  /** Adds the next page. */
  async more(): Promise<void> {
    const { state } = this;
    if (state.kind !== "found" || state.nextCursor === null) return;
    await this.#ask(this.#prefix ?? "", state.nextCursor);
  }

  /** Forgets what was found, so that the next search sees what has come since. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#searching.abort();
    this.#prefix = null;
    this.#state = { kind: "idle" };
  }

  async #ask(prefix: string, cursor: string | null): Promise<void> {
    this.#searching.abort();
    this.#searching = new AbortController();
    const { signal } = this.#searching;
    try {
      const listing = { prefix, delimiter: "/", limit: PAGE_ENTRIES, cursor };
      const { objects, prefixes, nextCursor } = await this.#list(listing, signal);
      const found: FoundEntry[] = [
        ...prefixes.map((key) => ({ kind: "folder" as const, key, sizeBytes: 0 })),
        // A key that ends so is a folder's own mark, and holds nothing.
        ...objects
          .filter(({ key }) => !key.endsWith("/"))
          .map(({ key, sizeBytes }) => ({ kind: "object" as const, key, sizeBytes })),
      ];
      this.#entries = cursor === null ? found : [...this.#entries, ...found];
      this.#state = { kind: "found", nextCursor };
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendError)) throw error;
      this.#entries = [];
      this.#state = { kind: "failed", problem: error };
    }
  }
}
