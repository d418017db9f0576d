import type { SchemaResponse } from "../../../../shared/select-api.ts";
import { BackendError, loadSchema, restoreObject } from "../../backend.ts";

/** What is known of the object that was chosen. */
export type LookState =
  | { readonly kind: "none" }
  | { readonly kind: "looking"; readonly key: string }
  | { readonly kind: "known"; readonly key: string; readonly schema: SchemaResponse }
  /** `takes`: how long, in words; empty where nobody knows. */
  | { readonly kind: "restoring"; readonly key: string; readonly takes: string }
  | { readonly kind: "failed"; readonly key: string; readonly problem: BackendError };

/** Between looks at an object that is being restored, in milliseconds: it takes minutes to hours, so less and less often. */
const FIRST_LOOK_MS = 5000;
const LAST_LOOK_MS = 60_000;

/** What a look asks. */
export interface LookPorts {
  readonly load: typeof loadSchema;
  readonly restore: typeof restoreObject;
  /** Ends with the signal, without an error. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

const BROWSER: LookPorts = {
  load: loadSchema,
  restore: restoreObject,
  wait: (delayMs, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** Looks at objects, one at a time: the latest counts. */
export class ObjectLook {
  readonly #onKnown: (schema: SchemaResponse) => void;
  readonly #ports: LookPorts;
  #state = $state.raw<LookState>({ kind: "none" });
  #looking = new AbortController();

  /** @param onKnown is called with each object's schema as it comes */
  constructor(onKnown: (schema: SchemaResponse) => void, ports = BROWSER) {
    this.#onKnown = onKnown;
    this.#ports = ports;
  }

  get state(): LookState {
    return this.#state;
  }

  /** Looks at an object; an empty key is none. */
  async look(key: string): Promise<void> {
    const signal = this.#begin();
    this.#state = key === "" ? { kind: "none" } : { kind: "looking", key };
    if (key === "") return;
    try {
      this.#know(key, await this.#ports.load(key, signal));
    } catch (error) {
      this.#fail(key, error, signal);
    }
  }

  /** Has an archived object restored, and looks at it now and again until it can be read. */
  async restore(key: string): Promise<void> {
    const signal = this.#begin();
    this.#state = { kind: "restoring", key, takes: "" };
    try {
      const { state, takes = "" } = await this.#ports.restore(key, signal);
      this.#state = { kind: "restoring", key, takes };
      for (let delayMs = state === "restored" ? 0 : FIRST_LOOK_MS; ;) {
        await this.#ports.wait(delayMs, signal);
        delayMs = Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, delayMs * 2));
        const schema = await this.#lookAgain(key, signal);
        if (signal.aborted) return;
        if (schema) return this.#know(key, schema);
      }
    } catch (error) {
      this.#fail(key, error, signal);
    }
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#looking.abort();
  }

  #begin(): AbortSignal {
    this.#looking.abort();
    this.#looking = new AbortController();
    return this.#looking.signal;
  }

  /** `null` while it is archived. */
  async #lookAgain(key: string, signal: AbortSignal): Promise<SchemaResponse | null> {
    if (signal.aborted) return null;
    try {
      return await this.#ports.load(key, signal);
    } catch (error) {
      if (error instanceof BackendError && error.code === "object-archived") return null;
      throw error;
    }
  }

  #know(key: string, schema: SchemaResponse): void {
    this.#state = { kind: "known", key, schema };
    this.#onKnown(schema);
  }

  #fail(key: string, error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (!(error instanceof BackendError)) throw error;
    this.#state = { kind: "failed", key, problem: error };
  }
}
