import { createContext } from "svelte";
import type { ConfigResponse } from "../../shared/api.ts";
import {
  systemClock,
  createHttpApi,
  createIndexedDbStore,
  createUploader,
  createWebLocks,
  createWorkerHasher,
  type Uploader,
} from "../transfer/index.ts";
import { BackendError, loadConfig } from "./backend.ts";
import { createUploadViews, type UploadViews } from "./queue/upload-views.ts";

/** A backend that answered, and the uploader that speaks to it. */
export interface Desk {
  readonly config: ConfigResponse;
  readonly uploader: Uploader;
  readonly views: UploadViews;
}

/** Where the page stands with its backend. */
export type SessionState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly problem: BackendError }
  | { readonly kind: "ready"; readonly desk: Desk };

/** One visit: it outlives the pages, so that uploads go on while someone looks elsewhere. */
export interface Session {
  readonly state: SessionState;
  /** Asks the backend for its configuration, now and again until it answers. */
  load(): Promise<void>;
}

/** How long until a backend that did not answer is asked again by itself. */
const ASK_AGAIN_MS = 5000;

/** Hands the session from the shell to the pages. */
export const [useSession, provideSession] = createContext<Session>();

/** Makes a session; nothing is sent before `load`. `ask` is `loadConfig` but for tests. */
export function createSession(signal: AbortSignal, ask = loadConfig): Session {
  let state = $state.raw<SessionState>({ kind: "loading" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });

  async function load(): Promise<void> {
    clearTimeout(timer);
    try {
      const config = await ask(signal);
      if (state.kind !== "ready") state = { kind: "ready", desk: openDesk(config) };
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendError)) throw error;
      state = { kind: "failed", problem: error };
      timer = setTimeout(load, ASK_AGAIN_MS);
    }
  }

  return {
    get state() {
      return state;
    },
    load,
  };
}

function openDesk(config: ConfigResponse): Desk {
  const uploader = createUploader({
    api: createHttpApi(),
    storage: config.storage,
    connections: config.defaults.connections,
    multipartThresholdBytes: config.limits.multipartThresholdBytes,
    hasher: createWorkerHasher(),
    resume: { store: createIndexedDbStore(systemClock), locks: createWebLocks() },
  });
  return { config, uploader, views: createUploadViews(uploader) };
}
