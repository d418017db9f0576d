import type { SchemaResponse } from "../../../shared/select-api.ts";
import { inputOfSchema } from "./object/input-of-schema.ts";
import { ObjectLook, type LookState } from "./object/object-look.svelte.ts";
import { examplesFor, firstQuery, type QueryExample } from "./question/query-examples.ts";
import {
  clearHistory,
  readHistory,
  rememberQuestion,
  type AskedQuestion,
} from "./question/query-history.ts";
import { columnsAsRead, targetOf, type QueryTarget } from "./question/query-target.ts";
import { linkTo, readLink, type LinkedQuestion } from "./question/question-link.ts";
import {
  DEFAULT_INPUT,
  selectBody,
  whyNoScanRange,
  WHOLE,
  type InputForm,
  type ScanForm,
} from "./question/question.ts";

const storage = () => localStorage;

/** The question that is being written: the object, how it is read, and the SQL. */
export class QueryDraft {
  readonly #look: ObjectLook;
  #key = $state("");
  #input = $state.raw<InputForm>(DEFAULT_INPUT);
  /** Chosen by a person or a link: what is detected does not replace it. */
  #isInputChosen = $state(false);
  #isLinked = $state(false);
  /** The SQL that the page wrote itself, which another object's may replace. */
  #suggested = "";
  #askedSql = $state<string | null>(null);
  #history = $state.raw<readonly AskedQuestion[]>(readHistory(storage));
  sql = $state("");
  scan = $state.raw<ScanForm>(WHOLE);
  readonly #target = $derived.by(() => this.#findTarget());

  /** @param search the query string of a link; it is shown, and nothing is asked */
  constructor(search: string) {
    this.#look = new ObjectLook((schema) => this.#learn(schema));
    this.#fill(readLink(search));
    this.#isLinked = this.sql !== "";
  }

  get key(): string {
    return this.#key;
  }

  get input(): InputForm {
    return this.#input;
  }

  /** A link brought the SQL, and nobody has run it yet. */
  get isLinked(): boolean {
    return this.#isLinked;
  }

  /** The SQL is the one that was asked last. */
  get isAsked(): boolean {
    return this.sql === this.#askedSql;
  }

  /** There is something to ask. */
  get isReady(): boolean {
    return this.#key !== "" && this.sql.trim() !== "";
  }

  get history(): readonly AskedQuestion[] {
    return this.#history;
  }

  get looked(): LookState {
    return this.#look.state;
  }

  get schema(): SchemaResponse | null {
    const { state } = this.#look;
    return state.kind === "known" ? state.schema : null;
  }

  /** How the object seems to be written; `null` where nobody has looked. */
  get detected(): InputForm | null {
    return this.schema && inputOfSchema(this.schema);
  }

  get target(): QueryTarget {
    return this.#target;
  }

  get examples(): readonly QueryExample[] {
    if (this.schema === null) return [];
    const isNested = this.target.from !== "S3Object s";
    const firstRow = isNested ? [] : (this.schema.rows[0] ?? []);
    return examplesFor(this.target, { isText: this.#input.format === "csv", firstRow });
  }

  /** The path and query string of a link to the draft. */
  get link(): string {
    return linkTo(this.#question());
  }

  /** Bytes that the query reads at most. */
  get scanBytes(): number {
    const sizeBytes = this.schema?.sizeBytes ?? 0;
    const { start, end } = this.#effectiveScan();
    if (start === null) return end === null ? sizeBytes : Math.min(sizeBytes, end);
    return Math.max(0, Math.min(sizeBytes, (end ?? Infinity) + 1) - start);
  }

  /** Turns to another object, which is looked at. */
  choose(key: string): void {
    this.#key = key;
    this.#isInputChosen = false;
    this.#isLinked = false;
    this.scan = WHOLE;
    this.#askedSql = null;
    void this.look();
  }

  /** Has the object read otherwise than it seems to be written. */
  read(input: InputForm): void {
    this.#input = input;
    this.#isInputChosen = JSON.stringify(input) !== JSON.stringify(this.detected);
    this.#suggest();
  }

  /** Takes up a question that was asked before. */
  recall({ question }: AskedQuestion): void {
    const isOther = question.key !== this.#key;
    this.#fill(question);
    this.#isLinked = false;
    if (isOther || question.input === null) void this.look();
  }

  /** The body that asks the draft, which is remembered; `null` where there is nothing to ask. */
  ask(askedAt: number): object | null {
    if (!this.isReady) return null;
    this.#isLinked = false;
    this.#askedSql = this.sql;
    this.#history = rememberQuestion(storage, this.#question(), askedAt);
    const scan = this.#effectiveScan();
    return selectBody({ key: this.#key, sql: this.sql, input: this.#input, scan });
  }

  forgetHistory(): void {
    clearHistory(storage);
    this.#history = [];
  }

  look(): Promise<void> {
    return this.#look.look(this.#key);
  }

  restore(): void {
    void this.#look.restore(this.#key);
  }

  close(): void {
    this.#look.close();
  }

  #fill({ key, sql, input, scan }: LinkedQuestion): void {
    this.#key = key;
    this.sql = sql;
    this.scan = scan;
    this.#isInputChosen = input !== null;
    this.#input = input ?? this.detected ?? DEFAULT_INPUT;
  }

  #learn(schema: SchemaResponse): void {
    if (!this.#isInputChosen) this.#input = inputOfSchema(schema);
    this.#suggest();
  }

  /** Writes a first query where nobody has written one. */
  #suggest(): void {
    if (this.schema === null || (this.sql !== "" && this.sql !== this.#suggested)) return;
    this.#suggested = firstQuery(this.target);
    this.sql = this.#suggested;
  }

  #question(): LinkedQuestion {
    const { sql, scan } = this;
    return { key: this.#key, sql, input: this.#isInputChosen ? this.#input : null, scan };
  }

  /** A range that the object cannot be read by is not asked for. */
  #effectiveScan(): ScanForm {
    const compression =
      this.#input.compression === "auto"
        ? (this.schema?.compression ?? "auto")
        : this.#input.compression;
    return whyNoScanRange({ ...this.#input, compression }) === null ? this.scan : WHOLE;
  }

  #findTarget(): QueryTarget {
    const { schema } = this;
    if (schema === null) return { from: "S3Object s", columns: [] };
    const { format, csv, json } = this.#input;
    const usesNames = csv.header === "use";
    const columns =
      format === "csv"
        ? columnsAsRead(schema, usesNames, schema.csv?.header === "use")
        : schema.columns;
    return targetOf(columns, schema.rows[0] ?? [], format === "json" && json === "document");
  }
}
