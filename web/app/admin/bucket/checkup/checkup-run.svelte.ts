import { BackendError } from "../../../backend.ts";
import type { BucketApi } from "../bucket-api.ts";
import { checkFromBrowser, type BrowserCheckupPorts } from "./browser-checkup.ts";
import type { SeenCheck } from "./checkup-report.ts";

/** Where one half of a check-up stands: that of the server, or that of this browser. */
export type HalfState =
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly problem: BackendError }
  | { readonly kind: "done" };

/** What a check-up works with. */
export interface CheckupPorts extends BrowserCheckupPorts {
  readonly api: Pick<BucketApi, "checkup" | "openProbe" | "removeProbe">;
  readonly onProblem: (problem: BackendError) => void;
  /** Both halves have ended. */
  readonly onEnd: () => void;
}

/** The check-up as the page shows it. */
export class CheckupRun {
  readonly #ports: CheckupPorts;
  #server = $state.raw<HalfState>({ kind: "running" });
  #browser = $state.raw<HalfState>({ kind: "running" });
  #ofServer = $state.raw<readonly SeenCheck[]>([]);
  #ofBrowser = $state.raw<readonly SeenCheck[]>([]);
  #checkedAt = $state<string | null>(null);
  #control = new AbortController();

  constructor(ports: CheckupPorts) {
    this.#ports = ports;
  }

  get server(): HalfState {
    return this.#server;
  }

  get browser(): HalfState {
    return this.#browser;
  }

  get isRunning(): boolean {
    return this.#server.kind === "running" || this.#browser.kind === "running";
  }

  /** What is known so far; what an earlier run found stays until the new one has answered. */
  get checks(): readonly SeenCheck[] {
    return [...this.#ofServer, ...this.#ofBrowser];
  }

  /** ISO 8601; `null` before there is a result of the server. */
  get checkedAt(): string | null {
    return this.#checkedAt;
  }

  /** Runs both halves at once; one that is under way is given up. */
  async run(): Promise<void> {
    this.#control.abort();
    this.#control = new AbortController();
    const { signal } = this.#control;
    this.#server = { kind: "running" };
    this.#browser = { kind: "running" };
    const askServer = async () => {
      const { checks, checkedAt } = await this.#ports.api.checkup(signal);
      if (signal.aborted) return;
      this.#ofServer = checks.map((check) => ({ ...check, seenBy: "server" }));
      this.#checkedAt = checkedAt;
    };
    const askBrowser = async () => {
      const checks = await checkFromBrowser(this.#ports, signal);
      if (signal.aborted) return;
      this.#ofBrowser = checks.map((check) => ({ ...check, seenBy: "browser" }));
    };
    await Promise.all([
      this.#half(askServer, signal, (state) => (this.#server = state)),
      this.#half(askBrowser, signal, (state) => (this.#browser = state)),
    ]);
    if (!signal.aborted) this.#ports.onEnd();
  }

  close(): void {
    this.#control.abort();
  }

  async #half(
    ask: () => Promise<void>,
    signal: AbortSignal,
    set: (state: HalfState) => void,
  ): Promise<void> {
    try {
      await ask();
      if (!signal.aborted) set({ kind: "done" });
    } catch (error) {
      // Who gave it up has begun another, or left.
      if (signal.aborted) return;
      if (!(error instanceof BackendError)) throw error;
      set({ kind: "failed", problem: error });
      this.#ports.onProblem(error);
    }
  }
}
