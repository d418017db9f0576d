import type { AbortRule } from "../../../../../shared/lifecycle.ts";
import { BackendError } from "../../../backend.ts";
import { simulateAbortRule, type Simulation, type SimulationPorts } from "./simulation.ts";

/** Where a simulation stands. */
export type SimulationState =
  | { readonly kind: "running" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly problem: BackendError }
  | { readonly kind: "done" };

/** A simulation as the page shows it; it ends with what shows it. */
export interface SimulationRun {
  readonly state: SimulationState;
  /** As far as it is known; `null` before the first page. */
  readonly found: Simulation | null;
  start(): Promise<void>;
  stop(): void;
}

/** Nothing is asked before `start`. @param days 1 and more @param others rules that stay */
export function createSimulationRun(
  days: number,
  others: readonly AbortRule[],
  ports: Omit<SimulationPorts, "onProgress">,
): SimulationRun {
  let state = $state.raw<SimulationState>({ kind: "running" });
  let found = $state.raw<Simulation | null>(null);
  let control = new AbortController();
  return {
    get state() {
      return state;
    },
    get found() {
      return found;
    },
    async start() {
      control.abort();
      control = new AbortController();
      const { signal } = control;
      state = { kind: "running" };
      try {
        const onProgress = (sofar: Simulation) => (found = sofar);
        found = await simulateAbortRule(days, others, { ...ports, onProgress }, signal);
        state = { kind: "done" };
      } catch (error) {
        // Who stopped it has said so.
        if (signal.aborted) return;
        if (!(error instanceof BackendError)) throw error;
        state = { kind: "failed", problem: error };
      }
    },
    stop() {
      control.abort();
      state = { kind: "stopped" };
    },
  };
}
