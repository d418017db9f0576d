import { SelectError } from "../../../shared/select/select-error.ts";
import type { PathStep } from "../sql/syntax.ts";
import { isMark } from "./byte-order-mark.ts";
import { JsonSpan } from "./json-span.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";

/**
 * Takes a record.
 * @param text null where the path leads nowhere
 * @param offset of the first byte of the root value that it lies in
 * @returns false where no more are wanted
 */
export type TakeJson = (text: string | null, offset: number) => boolean;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_STRUCTURE = 0x7b;
const CLOSE_STRUCTURE = 0x7d;

/** What comes next. */
type Expectation = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "next-or-end";

/** A list or a structure on the path. */
interface Frame {
  readonly isList: boolean;
  /** Which step of the path chooses among what it holds. */
  readonly stepIndex: number;
  /** Elements or keys so far. */
  count: number;
  /** Those that the step has chosen. */
  chosenCount: number;
  /** Whether the step chooses the value that comes. */
  isChosen: boolean;
}

/**
 * Finds the records in the bytes of a JSON object, whatever pieces they come in: the values that a path leads to, from
 * each of the root values, which follow one another with or without space between. Nothing is held but the record at
 * hand; what lies beside the path is passed over.
 */
export class JsonWalker {
  readonly #steps: readonly PathStep[];
  readonly #take: TakeJson;
  readonly #span: JsonSpan;
  readonly #frames: Frame[] = [];
  #expectation: Expectation = "value";
  /** The span is a record, a key, or passed over; null between spans. */
  #spanKind: "record" | "key" | "skipped" | null = null;
  #offset: number;
  #rootOffset = 0;
  #isOver = false;

  /**
   * @param steps from a root value to the records
   * @param offset of the first byte that will come
   * @param mostBytes of a record
   */
  constructor(
    steps: readonly PathStep[],
    take: TakeJson,
    offset = 0,
    mostBytes = MAX_RECORD_BYTES,
  ) {
    this.#steps = steps;
    this.#take = take;
    this.#offset = offset;
    this.#span = new JsonSpan(mostBytes);
  }

  /** No more records are wanted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws SelectError `JSONParsingError`, `OverMaxRecordSize`, `InvalidTextEncoding` */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length && !this.#isOver) {
      if (this.#spanKind !== null) at = this.#goOn(piece, at);
      else {
        const byte = piece[at] ?? 0;
        if (isSpace(byte) || isMark(byte, this.#offset + at)) at += 1;
        else at = this.#meet(byte, piece, at);
      }
    }
    this.#offset += piece.length;
  }

  /** There are no more bytes. @throws SelectError `JSONParsingError` where a value is not finished */
  end(): void {
    if (this.#isOver) return;
    if (this.#spanKind !== null && this.#frames.length === 0 && this.#span.isScalar) {
      this.#finishSpan();
    }
    if (this.#isOver || (this.#spanKind === null && this.#frames.length === 0)) return;
    const detail = `The value that begins at byte ${this.#rootOffset} has no end.`;
    throw new SelectError("JSONParsingError", detail);
  }

  #goOn(piece: Uint8Array, at: number): number {
    const next = this.#span.push(piece, at);
    if (this.#span.isDone) this.#finishSpan();
    return next;
  }

  #finishSpan(): void {
    const kind = this.#spanKind;
    this.#spanKind = null;
    if (kind === "key") return this.#takeKey(this.#span.take());
    if (kind === "record") this.#handOut(this.#span.take());
    else this.#span.drop();
    this.#valueEnded();
  }

  /** Something that is no space, between spans. */
  #meet(byte: number, piece: Uint8Array, at: number): number {
    const frame = this.#frames.at(-1);
    switch (this.#expectation) {
      case "value-or-end":
        if (byte === CLOSE_LIST) return this.#close(at);
        return this.#beginValue(byte, piece, at);
      case "value":
        return this.#beginValue(byte, piece, at);
      case "key-or-end":
        if (byte === CLOSE_STRUCTURE) return this.#close(at);
        return this.#beginKey(byte, piece, at);
      case "key":
        return this.#beginKey(byte, piece, at);
      case "colon":
        if (byte !== COLON) throw this.#fault(at);
        this.#expectation = "value";
        return at + 1;
      case "next-or-end":
        if (byte === COMMA) {
          this.#expectation = frame?.isList === true ? "value" : "key";
          return at + 1;
        }
        if (byte !== (frame?.isList === true ? CLOSE_LIST : CLOSE_STRUCTURE)) throw this.#fault(at);
        return this.#close(at);
    }
  }

  #beginKey(byte: number, piece: Uint8Array, at: number): number {
    if (byte !== QUOTE) throw this.#fault(at);
    return this.#beginSpan("key", piece, at);
  }

  #takeKey(text: string): void {
    const frame = this.#frames.at(-1);
    if (frame) {
      const step = this.#steps[frame.stepIndex];
      const isNamed = step?.kind === "key" && frame.chosenCount === 0 && isName(step, text);
      frame.isChosen = step?.kind === "values" || isNamed;
    }
    this.#expectation = "colon";
  }

  #beginValue(byte: number, piece: Uint8Array, at: number): number {
    const frame = this.#frames.at(-1);
    if (!frame) this.#rootOffset = this.#offset + at;
    else if (frame.isList) {
      const step = this.#steps[frame.stepIndex];
      frame.isChosen =
        step?.kind === "elements" || (step?.kind === "index" && step.index === frame.count);
    }
    if (frame) {
      frame.count += 1;
      if (!frame.isChosen) return this.#beginSpan("skipped", piece, at);
      frame.chosenCount += 1;
    }
    return this.#follow(frame ? frame.stepIndex + 1 : 0, byte, piece, at);
  }

  /** Goes into a value by the next step of the path; where that leads nowhere, the record is MISSING. */
  #follow(stepIndex: number, byte: number, piece: Uint8Array, at: number): number {
    const step = this.#steps[stepIndex];
    if (step === undefined) return this.#beginSpan("record", piece, at);
    // A value that is no list is its own only element.
    if (step.kind === "elements" && byte !== OPEN_LIST) {
      return this.#follow(stepIndex + 1, byte, piece, at);
    }
    const isList = step.kind === "elements" || step.kind === "index";
    if (byte === (isList ? OPEN_LIST : OPEN_STRUCTURE)) {
      this.#frames.push({ isList, stepIndex, count: 0, chosenCount: 0, isChosen: false });
      this.#expectation = isList ? "value-or-end" : "key-or-end";
      return at + 1;
    }
    this.#handOut(null);
    return this.#isOver ? at : this.#beginSpan("skipped", piece, at);
  }

  #beginSpan(kind: "record" | "key" | "skipped", piece: Uint8Array, at: number): number {
    this.#spanKind = kind;
    this.#span.begin(kind !== "skipped");
    return this.#goOn(piece, at);
  }

  #close(at: number): number {
    const frame = this.#frames.pop();
    if (frame?.chosenCount === 0) this.#handOut(null);
    this.#valueEnded();
    return at + 1;
  }

  #valueEnded(): void {
    this.#expectation = this.#frames.length === 0 ? "value" : "next-or-end";
  }

  #handOut(text: string | null): void {
    if (!this.#take(text, this.#rootOffset)) this.#isOver = true;
  }

  #fault(at: number): SelectError {
    const detail = `Byte ${this.#offset + at} is no JSON where it stands.`;
    return new SelectError("JSONParsingError", detail);
  }
}

/** @param quoted as it is written, with its quotes and escapes */
function isName(step: Extract<PathStep, { kind: "key" }>, quoted: string): boolean {
  const name = nameOf(quoted);
  return step.isQuoted ? name === step.name : name.toLowerCase() === step.name.toLowerCase();
}

function nameOf(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new SelectError("JSONParsingError", `${quoted} is no name of a value.`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
