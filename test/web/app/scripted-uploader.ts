import type {
  UploadState,
  UploadTotals,
  Uploader,
  UploadView,
} from "../../../web/transfer/index.ts";

/** An uploader that sends nothing: a test or a story says what its uploads look like. */
export interface ScriptedUploader extends Uploader {
  /** Adds an upload or replaces it, and tells the subscribers. */
  put(...views: readonly UploadView[]): void;
  /** Replaces what changed in one upload. */
  change(id: string, changed: Partial<UploadView>): void;
  /** Listeners at the moment. */
  subscriberCount(): number;
}

/** An upload in the queue, but for what the test says. */
export function scriptedView(changed: Partial<UploadView> & { id: string }): UploadView {
  const name = changed.name ?? `${changed.id}.bin`;
  return {
    name,
    relativePath: name,
    sizeBytes: 1000,
    contentType: "",
    state: { kind: "queued" },
    sentBytes: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    key: null,
    parts: [],
    retryCount: 0,
    ...changed,
  };
}

/** Totals of some views, as the uploader sums them up. */
export function scriptedTotals(views: readonly UploadView[]): UploadTotals {
  const countByState: Record<UploadState["kind"], number> = {
    queued: 0,
    opening: 0,
    uploading: 0,
    waiting: 0,
    paused: 0,
    completing: 0,
    done: 0,
    failed: 0,
    cancelled: 0,
  };
  for (const { state } of views) countByState[state.kind] += 1;
  const sum = (pick: (view: UploadView) => number) =>
    views.reduce((total, view) => total + pick(view), 0);
  const sizeBytes = sum((view) => view.sizeBytes);
  const sentBytes = sum((view) => view.sentBytes);
  const bytesPerSecond = sum((view) => view.bytesPerSecond);
  return {
    fileCount: views.length,
    countByState,
    sizeBytes,
    sentBytes,
    bytesPerSecond,
    secondsLeft: bytesPerSecond > 0 ? (sizeBytes - sentBytes) / bytesPerSecond : null,
    connections: Math.min(6, countByState.uploading * 3),
  };
}

/** Makes an uploader without uploads; its commands move states and nothing else. */
export function createScriptedUploader(): ScriptedUploader {
  const views = new Map<string, UploadView>();
  const listeners = new Set<(changedIds: ReadonlySet<string>) => void>();
  let added = 0;

  const tell = (ids: readonly string[]) => {
    const changed = new Set(ids);
    for (const listener of listeners) listener(changed);
  };
  const move = (id: string, state: UploadState) => {
    const view = views.get(id);
    if (view) views.set(id, { ...view, state, bytesPerSecond: 0, secondsLeft: null });
    tell([id]);
  };
  const moveAll = (kinds: readonly UploadState["kind"][], state: UploadState) => {
    const ids = [...views.values()].filter((view) => kinds.includes(view.state.kind));
    for (const { id } of ids) move(id, state);
  };
  const drop = (ids: readonly string[]) => {
    for (const id of ids) views.delete(id);
    tell(ids);
  };

  return {
    add(files) {
      const made = [...files].map((entry) => {
        const { file, relativePath } =
          entry instanceof File ? { file: entry, relativePath: entry.name } : entry;
        added += 1;
        const id = `added-${added}`;
        views.set(id, scriptedView({ id, name: file.name, relativePath, sizeBytes: file.size }));
        return id;
      });
      tell(made);
      return made;
    },
    pause: (id) => move(id, { kind: "paused" }),
    resume: (id) => move(id, { kind: "queued" }),
    cancel: async (id) => move(id, { kind: "cancelled" }),
    retry: (id) => move(id, { kind: "queued" }),
    remove: (id) => drop([id]),
    pauseAll: () => moveAll(["queued", "opening", "uploading", "waiting"], { kind: "paused" }),
    resumeAll: () => moveAll(["paused"], { kind: "queued" }),
    cancelAll: async () =>
      moveAll(["queued", "opening", "uploading", "waiting", "paused"], { kind: "cancelled" }),
    retryAll: () => moveAll(["failed"], { kind: "queued" }),
    clearFinished: () =>
      drop(
        [...views.values()]
          .filter(({ state }) => state.kind === "done" || state.kind === "cancelled")
          .map(({ id }) => id),
      ),
    ids: () => [...views.keys()],
    get: (id) => views.get(id),
    totals: () => scriptedTotals([...views.values()]),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
    put(...given) {
      for (const view of given) views.set(view.id, view);
      tell(given.map(({ id }) => id));
    },
    change(id, changed) {
      const view = views.get(id);
      if (view) views.set(id, { ...view, ...changed });
      tell([id]);
    },
    subscriberCount: () => listeners.size,
  };
}
