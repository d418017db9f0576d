import type { ListUploadsResponse } from "../../../../shared/admin-api.ts";
import { AbortRun } from "./abort-run.ts";
import { arrange, matchingRows, NO_CRITERIA, type Criteria, type Order } from "./arrangement.ts";
import { createListing, type Listing, type ListingState } from "./listing.ts";
import { Measuring, type MeasuringState } from "./measuring.ts";
import { RowSelection } from "./row-selection.ts";
import { browserWaits, isShutOut, type WaitPorts } from "./try-again.ts";
import { sumUp } from "./upload-sums.ts";
import { addUploads, createUploadTable, type UploadTable } from "./upload-table.ts";
import type { UploadsApi } from "./uploads-api.ts";

/** What came is shown so often, in milliseconds: putting 100,000 rows in order for each page would do nothing else. */
const SHOWN_EVERY_MS = 300;

/** What the page works with. */
export interface BoardPorts {
  readonly api: UploadsApi;
  readonly waits?: WaitPorts;
  /** The server no longer knows who asks, or lets them in. */
  readonly onShutOut: () => void;
}

/** The incomplete uploads of the bucket: listed, measured, filtered, chosen and aborted. */
export class UploadsBoard {
  readonly #api: UploadsApi;
  readonly #waits: WaitPorts;
  readonly #onShutOut: () => void;
  /** Plain lists that grow; who reads them reads `#revision` first. */
  #table: UploadTable = createUploadTable();
  #listing: Listing | null = null;
  #measuring: Measuring | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #selection = new RowSelection();
  #revision = $state(0);
  #chosen = $state(0);
  #listingState = $state.raw<ListingState>({ kind: "listing" });
  #measuringState = $state.raw<MeasuringState>({ kind: "idle" });
  #criteria = $state.raw<Criteria>(NO_CRITERIA);
  #order = $state.raw<Order>({ by: "key", isDescending: false });
  #prefix = $state("");
  #source = $state<ListUploadsResponse["source"]>("storage");
  #listedAtMs = $state(0);
  #nowMs = $state(0);
  #run = $state.raw<AbortRun | null>(null);
  #runRevision = $state(0);
  #spared = $state(0);

  constructor({ api, waits = browserWaits, onShutOut }: BoardPorts) {
    this.#api = api;
    this.#waits = waits;
    this.#onShutOut = onShutOut;
    this.#nowMs = waits.now();
  }

  readonly #matching = $derived.by(() => {
    void this.#revision;
    return matchingRows(this.#table, this.#criteria, this.#nowMs);
  });
  readonly #view = $derived(arrange(this.#table, this.#matching, this.#order));
  readonly #sums = $derived.by(() => {
    void this.#revision;
    return sumUp(this.#table, matchingRows(this.#table, NO_CRITERIA, this.#nowMs));
  });

  /** Rows that meet the criteria, in the order chosen. */
  get view(): Uint32Array {
    return this.#view;
  }

  /** Of all uploads, whether they are shown or not. */
  get sums() {
    return this.#sums;
  }

  /** Whoever reads it sees it change. */
  get table(): UploadTable {
    void this.#revision;
    return this.#table;
  }

  get selection(): RowSelection {
    void this.#chosen;
    return this.#selection;
  }

  get listing(): ListingState {
    return this.#listingState;
  }

  get measuring(): MeasuringState {
    return this.#measuringState;
  }

  /** Rows whose parts could not be counted. */
  get unmeasurable(): ReadonlyMap<number, string> {
    void this.#revision;
    return this.#measuring?.failed ?? new Map();
  }

  get criteria(): Criteria {
    return this.#criteria;
  }

  get order(): Order {
    return this.#order;
  }

  set order(order: Order) {
    this.#order = order;
  }

  /** Under which the server was asked for uploads; empty: all. */
  get prefix(): string {
    return this.#prefix;
  }

  get source(): ListUploadsResponse["source"] {
    return this.#source;
  }

  get listedAtMs(): number {
    return this.#listedAtMs;
  }

  /** Milliseconds since 1970, as of the last change. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The last one that was begun. */
  get run(): AbortRun | null {
    void this.#runRevision;
    return this.#run;
  }

  /** Uploads that the last run left out, because they are being sent. */
  get spared(): number {
    return this.#spared;
  }

  get isAborting(): boolean {
    return this.run !== null && !this.run.isOver;
  }

  /** Lists anew, under a prefix. */
  refresh(prefix = this.#prefix): void {
    this.#listing?.stop();
    this.#measuring?.close();
    this.#table = createUploadTable();
    this.#selection.clear();
    this.#prefix = prefix;
    this.#listedAtMs = this.#waits.now();
    this.#measuring = this.#createMeasuring(this.#table);
    this.#listing = createListing(prefix, {
      ...this.#waits,
      list: this.#api.list,
      onPage: (page) => this.#takePage(page),
      onState: (state) => this.#setListing(state),
    });
    this.#show();
    void this.#listing.go();
  }

  stop(): void {
    this.#listing?.stop();
  }

  /** Goes on with the list where it ended. */
  proceed(): void {
    void this.#listing?.go();
  }

  /** Rows in sight: their parts are counted first. */
  see(rows: readonly number[]): void {
    this.#measuring?.see(rows);
  }

  measure(): void {
    this.#measuring?.again();
  }

  pauseMeasuring(): void {
    this.#measuring?.pause();
  }

  filter(criteria: Criteria): void {
    this.#criteria = criteria;
    this.#nowMs = this.#waits.now();
    this.#dropHidden();
  }

  /** Changes what is chosen. */
  choose(change: (selection: RowSelection, view: Uint32Array) => void): void {
    change(this.#selection, this.#view);
    this.#chosen += 1;
  }

  /**
   * Aborts rows; measuring waits meanwhile.
   * @param evenLive after a second yes
   * @param spared how many were meant, but are being sent and were left out
   */
  async abort(rows: readonly number[], evenLive: boolean, spared = 0): Promise<void> {
    const wasMeasuring = this.#measuringState.kind === "measuring";
    if (wasMeasuring) this.#measuring?.pause();
    const run = new AbortRun(this.#table, rows, evenLive, {
      ...this.#waits,
      abort: this.#api.abort,
      onChange: () => {
        this.#runRevision += 1;
        this.#touch();
      },
    });
    this.#run = run;
    this.#spared = spared;
    await run.go();
    this.#show();
    if (run.shutOut) this.#onShutOut();
    else if (wasMeasuring) this.#measuring?.go();
  }

  /** Puts the summary of the last run away. */
  dismissRun(): void {
    if (!this.isAborting) this.#run = null;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listing?.stop();
    this.#measuring?.close();
    this.#run?.stop();
  }

  #createMeasuring(table: UploadTable): Measuring {
    return new Measuring(table, {
      ...this.#waits,
      look: this.#api.look,
      onMeasured: () => this.#touch(),
      onState: (state) => {
        this.#measuringState = state;
        if (state.kind === "failed" && isShutOut(state.problem.code)) this.#onShutOut();
      },
    });
  }

  #takePage({ uploads, source, nextCursor }: ListUploadsResponse): void {
    const isFirst = this.#table.keys.length === 0;
    addUploads(this.#table, uploads);
    this.#source = source;
    if (isFirst) this.#show();
    else this.#touch();
    const { kind } = this.#measuringState;
    if (kind === "paused" || kind === "failed" || this.isAborting) return;
    // The list comes first: what it takes to count parts is missing there.
    this.#measuring?.go(nextCursor === null ? 2 : 1);
  }

  #setListing(state: ListingState): void {
    this.#listingState = state;
    if (state.kind !== "listing") this.#show();
    if (state.kind === "failed" && isShutOut(state.problem.code)) this.#onShutOut();
  }

  #touch(): void {
    this.#timer ??= setTimeout(() => this.#show(), SHOWN_EVERY_MS);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nowMs = this.#waits.now();
    this.#revision += 1;
    this.#dropHidden();
  }

  #dropHidden(): void {
    if (this.#selection.size === 0) return;
    this.#selection.keepOnly(this.#view);
    this.#chosen += 1;
  }
}
