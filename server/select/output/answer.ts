import type { AccumulatorState } from "../evaluate/accumulators.ts";
import type { Plan, Totals } from "../evaluate/plan.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import type { Value } from "../values/value.ts";
import type { RecordWriter } from "./record-writer.ts";

/** Most that a record of the answer may have, in characters. */
const MAX_RECORD_LENGTH = 1024 * 1024;

/** Most columns of the answer. S3 Select has such a limit too, and keeps it to itself. */
const MAX_COLUMNS = 10_000;

/** So much text is encoded at once, in characters. */
const TEXT_LENGTH = 16 * 1024;

/** A record as it goes out where nothing of it was chosen. */
export interface WholeRecord {
  readonly names: readonly string[];
  readonly values: readonly Value[];
}

/** Turns the records of an object into the text of the answer. */
export class Answer<Row> {
  readonly #plan: Plan<Row>;
  readonly #writer: RecordWriter;
  readonly #wholeOf: (row: Row) => WholeRecord;
  readonly #names: readonly string[];
  readonly #totals: Totals<Row> | null;
  readonly #isLimited: boolean;
  #leftCount: number;
  /** Records that are not encoded yet; there are never many of them, because each makes the text a deeper tree. */
  #text = "";
  #encoded: Uint8Array[] = [];
  #ends: number[] = [];

  /** @param limit records at most; those before them may be somebody else's */
  constructor(
    plan: Plan<Row>,
    writer: RecordWriter,
    wholeOf: (row: Row) => WholeRecord,
    limit = plan.limit,
  ) {
    this.#plan = plan;
    this.#writer = writer;
    this.#wholeOf = wholeOf;
    this.#names = plan.columns?.map(({ name }) => name) ?? [];
    this.#totals = plan.startTotals?.() ?? null;
    this.#isLimited = limit !== Infinity;
    this.#leftCount = limit;
  }

  /** Takes a record of the object; answers whether more are wanted. */
  take(row: Row): boolean {
    if (this.#leftCount === 0) return false;
    return this.#plan.isWanted(row) ? this.takeWanted(row) : true;
  }

  /** The same for a record that WHERE is known to let through. */
  takeWanted(row: Row): boolean {
    if (this.#leftCount === 0) return false;
    if (this.#totals) {
      this.#totals.add(row);
      return true;
    }
    if (this.#plan.columns === null) {
      const { names, values } = this.#wholeOf(row);
      this.#write(names, values);
    } else {
      this.#write(
        this.#names,
        this.#plan.columns.map(({ evaluate }) => evaluate(row)),
      );
    }
    this.#leftCount -= 1;
    return this.#leftCount > 0;
  }

  /** What the aggregates hold; null where there are none. */
  states(): readonly AccumulatorState[] | null {
    return this.#totals?.states() ?? null;
  }

  /** Takes in what others hold, of records behind those that were taken. */
  merge(states: readonly AccumulatorState[]): void {
    this.#totals?.merge(states);
  }

  /** There are no more records. */
  end(): void {
    if (this.#totals && this.#leftCount > 0) this.#write(this.#names, this.#totals.result());
  }

  /** The text since it was last taken, in UTF-8. */
  takeBytes(): Uint8Array<ArrayBuffer> {
    this.#encode();
    const bytes = Buffer.concat(this.#encoded);
    this.#encoded = [];
    return bytes;
  }

  #encode(): void {
    if (this.#text === "") return;
    this.#encoded.push(Buffer.from(this.#text));
    this.#text = "";
  }

  /** Where the records in the text end, in bytes; noted only where there may be too many of them. */
  recordEnds(): readonly number[] {
    return this.#ends;
  }

  #write(names: readonly string[], values: readonly Value[]): void {
    if (values.length > MAX_COLUMNS) {
      const detail = `The answer has more than ${MAX_COLUMNS} columns; name those that are wanted.`;
      throw new SelectError("OverMaxColumn", detail);
    }
    const record = this.#writer.write(names, values);
    if (record.length > MAX_RECORD_LENGTH) {
      const detail = `A record of the answer is longer than ${MAX_RECORD_LENGTH} characters; ask for less of it.`;
      throw new SelectError("OverMaxRecordSize", detail);
    }
    this.#text += record;
    if (this.#text.length >= TEXT_LENGTH) this.#encode();
    if (this.#isLimited) this.#ends.push((this.#ends.at(-1) ?? 0) + Buffer.byteLength(record));
  }
}
