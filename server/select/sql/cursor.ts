import type { SelectErrorCode } from "../../../shared/select/select-error-code.ts";
import { SelectError } from "../../../shared/select/select-error.ts";
import { isStructural } from "./keywords.ts";
import type { Token } from "./tokens.ts";

/** A chain as long as this, which is a tree as deep, still fits on the stack when it is evaluated. */
const MAX_OPERATORS = 2_000;

/** Expressions within one another: each level takes a dozen calls to read. */
const MAX_DEPTH = 200;

/** Walks over the tokens of one expression. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #index = 0;
  #operatorCount = 0;
  #depth = 0;

  /** @param tokens of which the last is the end */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token that comes next, or one of those behind it. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error("An expression without an end");
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Whether a keyword comes next. */
  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === "word" && text.toUpperCase() === word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === "symbol" && text === symbol;
  }

  /** Goes over a keyword where it comes next. */
  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#index += 1;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index += 1;
    return true;
  }

  expectWord(word: string, code: SelectErrorCode): void {
    if (!this.takeWord(word)) throw this.unexpected(code, word);
  }

  expectSymbol(symbol: string, code: SelectErrorCode): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(code, `"${symbol}"`);
  }

  /** A name comes next, quoted or not. */
  get isName(): boolean {
    const { kind, text } = this.peek();
    return kind === "quoted" || (kind === "word" && !isStructural(text));
  }

  /** Counts an operator. @throws SelectError `MaxOperatorsExceeded` */
  countOperator(): void {
    this.#operatorCount += 1;
    if (this.#operatorCount > MAX_OPERATORS)
      throw this.#tooMuch(`more than ${MAX_OPERATORS} operators`);
  }

  /** Parses something within something else. @throws SelectError `MaxOperatorsExceeded` */
  nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#tooMuch(`more than ${MAX_DEPTH} levels`);
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  #tooMuch(what: string): SelectError {
    const detail = `The expression has ${what}; ask a simpler question.`;
    return new SelectError("MaxOperatorsExceeded", detail, this.peek().position);
  }

  /** @param wanted what could have stood here */
  unexpected(code: SelectErrorCode, wanted: string): SelectError {
    const { kind, text, position } = this.peek();
    const found = kind === "end" ? "the expression ends" : `"${text}" stands`;
    return new SelectError(code, `Expected ${wanted} where ${found}.`, position);
  }
}
