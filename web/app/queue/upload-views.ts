import { createSubscriber } from "svelte/reactivity";
import type {
  ResumableUpload,
  UploadState,
  UploadTotals,
  Uploader,
  UploadView,
} from "../../transfer/index.ts";

/** Which uploads the list shows. */
export type QueueFilter = "all" | "active" | "failed" | "done";

/** The uploader as Svelte reads it: whoever calls one of these runs again when the answer changes. */
export interface UploadViews {
  /** Changes only when that one upload does, so progress touches the rows that are on screen alone. */
  view(id: string): UploadView | undefined;
  /**
   * In the order they were added; changes when uploads come or go, and where a filter selects by
   * state, when they move to another one.
   */
  ids(filter: QueueFilter): readonly string[];
  /** The same object until something is told. */
  totals(): UploadTotals;
  /** What earlier visits and other tabs left unfinished; changes when that does. */
  resumable(): readonly ResumableUpload[];
  /** Ends the subscription. */
  close(): void;
}

/** Makes a function that ties the running effect to `update`; Svelte's own unless a test says otherwise. */
export type MakeSubscriber = (start: (update: () => void) => () => void) => () => void;

/** Runs `callback` once after `delayMs`; the answer takes it back. */
export type Later = (callback: () => void, delayMs: number) => () => void;

/** After one change is shown, those of this time are shown together, in milliseconds. */
const REST_MS = 100;

const afterTimeout: Later = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/**
 * Bridges one uploader to Svelte: one subscription there, one signal a visible row here. Uploads that
 * come or go are told at once, other changes at most ten times a second: hundreds of small files
 * change their state each second, and nobody reads that fast.
 */
export function createUploadViews(
  uploader: Uploader,
  makeSubscriber: MakeSubscriber = createSubscriber,
  later: Later = afterTimeout,
): UploadViews {
  const rows = rowSignals(makeSubscriber);
  const kinds = new Map<string, UploadState["kind"]>();
  noteKinds(kinds, new Set(uploader.ids()), uploader);
  const lists = new Map<QueueFilter, readonly string[]>();
  const membersSignal = signal(makeSubscriber);
  const statesSignal = signal(makeSubscriber);
  const totalsSignal = signal(makeSubscriber);
  const resumableSignal = signal(makeSubscriber);
  let resumable = uploader.resumable();
  // Added up once for all who read it: there may be thousands of uploads.
  let totals: UploadTotals | null = null;

  const news = gatherNews(later, (ids) => {
    // An ID that was no upload and is none now is that of something left from before.
    const isLeftover = (id: string) => !kinds.has(id) && uploader.get(id) === undefined;
    if ([...ids].some(isLeftover)) {
      resumable = uploader.resumable();
      resumableSignal.update();
    }
    const change = noteKinds(kinds, ids, uploader);
    if (change !== "none") forget(lists, change);
    for (const id of ids) rows.update(id);
    if (change === "members") membersSignal.update();
    if (change !== "none") statesSignal.update();
    totals = null;
    totalsSignal.update();
  });
  const isKnown = (id: string) => kinds.has(id) && uploader.get(id) !== undefined;
  const unsubscribe = uploader.subscribe((ids) => news.add(ids, ![...ids].every(isKnown)));

  return {
    view(id) {
      rows.track(id);
      return uploader.get(id);
    },
    ids(filter) {
      if (filter === "all") membersSignal.track();
      else statesSignal.track();
      const ids = lists.get(filter) ?? selectIds(uploader, filter);
      lists.set(filter, ids);
      return ids;
    },
    totals() {
      totalsSignal.track();
      totals ??= uploader.totals();
      return totals;
    },
    resumable() {
      resumableSignal.track();
      return resumable;
    },
    close() {
      unsubscribe();
      news.close();
    },
  };
}

/** Whether a state falls under a filter. */
export function isShown(kind: UploadState["kind"], filter: QueueFilter): boolean {
  if (filter === "all") return true;
  if (filter === "done") return kind === "done";
  if (filter === "failed") return kind === "failed";
  return kind !== "done" && kind !== "failed" && kind !== "cancelled";
}

function selectIds(uploader: Uploader, filter: QueueFilter): readonly string[] {
  if (filter === "all") return [...uploader.ids()];
  return uploader.ids().filter((id) => {
    const view = uploader.get(id);
    return view !== undefined && isShown(view.state.kind, filter);
  });
}

/** Tells the first news at once, then what comes within a rest together; urgent news never waits. */
function gatherNews(later: Later, tell: (ids: ReadonlySet<string>) => void) {
  let untold = new Set<string>();
  let endRest: (() => void) | null = null;
  const flush = () => {
    const ids = untold;
    untold = new Set();
    tell(ids);
    endRest ??= later(() => {
      endRest = null;
      if (untold.size > 0) flush();
    }, REST_MS);
  };
  return {
    add(ids: ReadonlySet<string>, isUrgent: boolean): void {
      for (const id of ids) untold.add(id);
      if (isUrgent || endRest === null) flush();
    },
    close: () => endRest?.(),
  };
}

type Change = "none" | "states" | "members";

/** Remembers the states of some uploads; what has changed in them. */
function noteKinds(
  kinds: Map<string, UploadState["kind"]>,
  ids: ReadonlySet<string>,
  uploader: Uploader,
): Change {
  let change: Change = "none";
  for (const id of ids) {
    const before = kinds.get(id);
    const now = uploader.get(id)?.state.kind;
    if (before === now) continue;
    if (now === undefined) kinds.delete(id);
    else kinds.set(id, now);
    if (before === undefined || now === undefined) change = "members";
    else if (change === "none") change = "states";
  }
  return change;
}

/** The list of all uploads knows no states. */
function forget(lists: Map<QueueFilter, readonly string[]>, change: Change): void {
  for (const filter of lists.keys()) {
    if (filter !== "all" || change === "members") lists.delete(filter);
  }
}

/** A signal a row that is on screen; who leaves it takes its signal along. */
function rowSignals(makeSubscriber: MakeSubscriber) {
  const rows = new Map<string, { update: () => void; track: () => void }>();
  return {
    update: (id: string) => rows.get(id)?.update(),
    track(id: string): void {
      const known = rows.get(id);
      if (known) return known.track();
      const subscribe = makeSubscriber((update) => {
        rows.set(id, { update, track: subscribe });
        return () => rows.delete(id);
      });
      subscribe();
    },
  };
}

function signal(makeSubscriber: MakeSubscriber): { track: () => void; update: () => void } {
  let notify: (() => void) | undefined;
  const track = makeSubscriber((update) => {
    notify = update;
    return () => {
      notify = undefined;
    };
  });
  return { track, update: () => notify?.() };
}
