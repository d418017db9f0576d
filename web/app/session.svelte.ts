import { createContext } from "svelte";
import type { SessionResponse } from "../../shared/admin-api.ts";
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
import { BackendError, loadCaller, loadConfig } from "./backend.ts";
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
  /** The server does not know who asks; `canSignIn`: a password would tell it. */
  | { readonly kind: "signed-out"; readonly canSignIn: boolean }
  | { readonly kind: "ready"; readonly desk: Desk };

/** One visit: it outlives the pages, so that uploads go on while someone looks elsewhere. */
export interface Session {
  readonly state: SessionState;
  /** Who asks, as the server last said it; `null` before it did. */
  readonly caller: SessionResponse | null;
  /**
   * Asks the backend who asks and for its configuration, now and again until it answers. What was
   * under way goes on where somebody signs in again.
   */
  load(): Promise<void>;
}

/** Whether somebody may see the administration. */
export function isAdmin(caller: SessionResponse | null): boolean {
  return caller?.identity?.scopes.includes("admin") ?? false;
}

/** How long until a backend that did not answer is asked again by itself. */
const ASK_AGAIN_MS = 5000;

/** Hands the session from the shell to the pages. */
export const [useSession, provideSession] = createContext<Session>();

/** What a session asks of the backend. */
export interface SessionCalls {
  readonly caller: typeof loadCaller;
  readonly config: typeof loadConfig;
}

const CALLS: SessionCalls = { caller: loadCaller, config: loadConfig };

/** Makes a session; nothing is sent before `load`. */
export function createSession(signal: AbortSignal, calls = CALLS): Session {
  let desk: Desk | undefined;
  let caller = $state.raw<SessionResponse | null>(null);
  let state = $state.raw<SessionState>({ kind: "loading" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });

  async function load(): Promise<void> {
    clearTimeout(timer);
    try {
      state = await enter();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendError)) throw error;
      // A page that is open stays: its own requests tell what fails.
      if (state.kind === "ready") return;
      state = { kind: "failed", problem: error };
      timer = setTimeout(load, ASK_AGAIN_MS);
    }
  }

  async function enter(): Promise<SessionState> {
    caller = await calls.caller(signal);
    const { identity, canSignIn } = caller;
    if (identity === null) return { kind: "signed-out", canSignIn };
    desk ??= openDesk(await calls.config(signal));
    return state.kind === "ready" ? state : { kind: "ready", desk };
  }

  return {
    get state() {
      return state;
    },
    get caller() {
      return caller;
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
