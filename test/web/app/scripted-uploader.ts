import {
  TransferError,
  type AddOptions,
  type ResumableUpload,
  type UploadState,
  type UploadTotals,
  type Uploader,
  type UploadView,
} from "../../../web/transfer/index.ts";

/** What the totals say of the line: nothing that can be summed up from the uploads. */
export type ScriptedLine = Pick<
  UploadTotals,
  "connections" | "connectionLimit" | "origins" | "route" | "retryCount" | "hedgeCount" | "sleptMs"
>;

/** An uploader that sends nothing: a test or a story says what its uploads look like. */
export interface ScriptedUploader extends Uploader {
  /** Adds an upload or replaces it, and tells the subscribers. */
  put(...views: readonly UploadView[]): void;
  /** Replaces what changed in one upload. */
  change(id: string, changed: Partial<UploadView>): void;
  /** Replaces what the totals say of the line. */
  setLine(changed: Partial<ScriptedLine>): void;
  /** Replaces what earlier visits left unfinished. */
  setResumable(uploads: readonly ResumableUpload[]): void;
  /** Lets every `takeUp` and `discard` of one of them fail with this code. */
  refuse(resumableId: string, code: string): void;
  /** Whether the screen is wanted awake. */
  isKeptAwake(): boolean;
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
    isSizeKnown: true,
    contentType: "",
    state: { kind: "queued" },
    sentBytes: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    key: null,
    parts: [],
    retryCount: 0,
    connections: 0,
    resumedBytes: 0,
    startedAgain: false,
    ...changed,
  };
}

/** An unfinished upload of yesterday, but for what the test says. */
export function scriptedResumable(
  changed: Partial<ResumableUpload> & { id: string },
): ResumableUpload {
  const name = changed.name ?? `${changed.id}.bin`;
  return {
    name,
    relativePath: name,
    sizeBytes: 1000,
    heldBytes: 630,
    key: name,
    startedAt: Date.UTC(2026, 10, 22, 12),
    updatedAt: Date.UTC(2026, 10, 22, 13),
    how: "ready",
    ...changed,
  };
}

/** Totals of some views, as the uploader sums them up. */
export function scriptedTotals(
  views: readonly UploadView[],
  line: Partial<ScriptedLine> = {},
): UploadTotals {
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
    connectionLimit: 6,
    origins: [],
    route: null,
    retryCount: sum((view) => view.retryCount),
    hedgeCount: 0,
    sleptMs: null,
    ...line,
  };
}

/** Makes an uploader without uploads; its commands move states and nothing else. */
export function createScriptedUploader(): ScriptedUploader {
  const views = new Map<string, UploadView>();
  const listeners = new Set<(changedIds: ReadonlySet<string>) => void>();
  const refusals = new Map<string, string>();
  let resumable: readonly ResumableUpload[] = [];
  let line: Partial<ScriptedLine> = {};
  let keptAwake = false;
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
  const addOne = (name: string, changed: Partial<UploadView>): string => {
    added += 1;
    const id = `added-${added}`;
    views.set(id, scriptedView({ name, ...changed, id }));
    return id;
  };
  const takeOut = (resumableId: string): ResumableUpload => {
    const code = refusals.get(resumableId);
    if (code !== undefined) throw new TransferError(code, "permanent", `Scripted: ${code}`);
    const found = resumable.find(({ id }) => id === resumableId);
    if (!found) throw new TransferError("not-found", "permanent", "No such upload");
    resumable = resumable.filter(({ id }) => id !== resumableId);
    return found;
  };

  return {
    add(input, options?: AddOptions & { readonly name?: string }) {
      const isStream = typeof input === "function" || input instanceof ReadableStream;
      const made = isStream
        ? [addOne(options?.name ?? "stream", { sizeBytes: 0, isSizeKnown: false })]
        : [...input].map((item) => {
            const { file, relativePath } =
              item instanceof File ? { file: item, relativePath: item.name } : item;
            return addOne(file.name, { relativePath, sizeBytes: file.size });
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
    totals: () => scriptedTotals([...views.values()], line),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resumable: () => resumable,
    adopt: async (link) => link.sessionId,
    async takeUp(resumableId) {
      const { name, relativePath, sizeBytes, heldBytes } = takeOut(resumableId);
      const resumed = { relativePath, sizeBytes, sentBytes: heldBytes, resumedBytes: heldBytes };
      const id = addOne(name, resumed);
      tell([resumableId, id]);
      return id;
    },
    async discard(resumableId) {
      takeOut(resumableId);
      tell([resumableId]);
    },
    keepAwake(isWanted) {
      keptAwake = isWanted;
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
    setLine(changed) {
      line = { ...line, ...changed };
      tell([]);
    },
    setResumable(uploads) {
      const before = resumable;
      resumable = uploads;
      tell([...before, ...uploads].map(({ id }) => id));
    },
    refuse: (resumableId, code) => void refusals.set(resumableId, code),
    isKeptAwake: () => keptAwake,
    subscriberCount: () => listeners.size,
  };
}
