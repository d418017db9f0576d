import { BackendError } from "../../backend.ts";

/** Where something that the server knows stands; what was read before stays in sight. */
export type LoadState<T> =
  | { readonly kind: "loading"; readonly value: T | null }
  | { readonly kind: "failed"; readonly value: T | null; readonly problem: BackendError }
  | { readonly kind: "ready"; readonly value: T };

/** Something that is read from the bucket, and read back after a change. */
export interface Loaded<T> {
  readonly state: LoadState<T>;
  /** Asks the server; never rejects but for what is no problem of its. */
  load(): Promise<void>;
  /** Takes what the answer to a change says. */
  take(value: T): void;
}

/**
 * Nothing is asked before `load`.
 * @param onProblem hears of each failure
 */
export function createLoaded<T>(
  ask: () => Promise<T>,
  onProblem: (problem: BackendError) => void,
): Loaded<T> {
  let state = $state.raw<LoadState<T>>({ kind: "loading", value: null });
  /** An answer that was overtaken by a later one says nothing new. */
  let asked = 0;
  return {
    get state() {
      return state;
    },
    async load() {
      const { value } = state;
      const turn = ++asked;
      state = { kind: "loading", value };
      try {
        const answer = await ask();
        if (turn === asked) state = { kind: "ready", value: answer };
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        if (turn === asked) state = { kind: "failed", value, problem: error };
        onProblem(error);
      }
    },
    take(value) {
      asked += 1;
      state = { kind: "ready", value };
    },
  };
}
