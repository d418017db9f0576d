import { createSubscriber } from "svelte/reactivity";
import type { UploadState, UploadTotals, Uploader, UploadView } from "../../transfer/index.ts";

/** Which uploads the list shows. */
export type QueueFilter = "all" | "active" | "failed" | "done";

/** The uploader as Svelte reads it: whoever calls one of these runs again when the answer changes. */
export interface UploadViews {
  /** Changes only when that one upload does, so progress touches the rows that are on screen alone. */
  view(id: string): UploadView | undefined;
  /** In the order they were added; changes when uploads come, go or move to another state. */
  ids(filter: QueueFilter): readonly string[];
  totals(): UploadTotals;
  /** Ends the subscription. */
  close(): void;
}

/** Makes a function that ties the running effect to `update`; Svelte's own unless a test says otherwise. */
export type MakeSubscriber = (start: (update: () => void) => () => void) => () => void;

/** Bridges one uploader to Svelte: one subscription there, one signal a visible row here. */
export function createUploadViews(
  uploader: Uploader,
  makeSubscriber: MakeSubscriber = createSubscriber,
): UploadViews {
  const rows = new Map<string, { update: () => void; track: () => void }>();
  const kinds = new Map<string, UploadState["kind"]>();
  for (const id of uploader.ids()) noteKind(kinds, id, uploader.get(id));
  const lists = new Map<QueueFilter, readonly string[]>();
  const listSignal = signal(makeSubscriber);
  const totalsSignal = signal(makeSubscriber);

  const track = (id: string) => {
    const known = rows.get(id);
    if (known) return known.track();
    const subscribe = makeSubscriber((update) => {
      rows.set(id, { update, track: subscribe });
      return () => rows.delete(id);
    });
    subscribe();
  };

  const unsubscribe = uploader.subscribe((changedIds) => {
    let moved = false;
    for (const id of changedIds) {
      moved = noteKind(kinds, id, uploader.get(id)) || moved;
      rows.get(id)?.update();
    }
    if (moved) lists.clear();
    if (moved) listSignal.update();
    totalsSignal.update();
  });

  return {
    view(id) {
      track(id);
      return uploader.get(id);
    },
    ids(filter) {
      listSignal.track();
      const ids = lists.get(filter) ?? selectIds(uploader, filter);
      lists.set(filter, ids);
      return ids;
    },
    totals() {
      totalsSignal.track();
      return uploader.totals();
    },
    close: unsubscribe,
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

/** Remembers the state of an upload; whether it came, went or moved. */
function noteKind(
  kinds: Map<string, UploadState["kind"]>,
  id: string,
  view: UploadView | undefined,
): boolean {
  if (!view) return kinds.delete(id);
  if (kinds.get(id) === view.state.kind) return false;
  kinds.set(id, view.state.kind);
  return true;
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
