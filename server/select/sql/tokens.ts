import { SelectError, type Position } from "../../../shared/select/select-error.ts";

/**
 * `word`: a keyword or a name, as it is written. `quoted`: a name between double quotes. `string`: the
 * text between single quotes. `ion`: the text between backticks.
 */
export type TokenKind =
  "word" | "quoted" | "string" | "integer" | "decimal" | "ion" | "symbol" | "end";

/** One token; `text` without its quotes. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: Position;
}

/** Most that an expression may have, in bytes. */
const MAX_EXPRESSION_BYTES = 256 * 1024;

const SPACE = /[\s\u00a0]+|--[^\n]*|\/\*[^]*?\*\//uy;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/uy;
const SYMBOL = /<>|<=|>=|!=|\|\||[()[\]{},.*+\-/%=<>;@?:]/uy;
const STRING = /'[^']*(?:''[^']*)*'/uy;
const QUOTED = /"[^"]*(?:""[^"]*)*"/uy;
const ION = /`[^`]*`/uy;

/**
 * Takes an expression apart.
 * @throws SelectError `ExpressionTooLong`; `LexerInvalid…` with the place of what no token begins with
 */
export function tokensOf(expression: string): readonly Token[] {
  if (Buffer.byteLength(expression) > MAX_EXPRESSION_BYTES) {
    const detail = `The expression is longer than ${MAX_EXPRESSION_BYTES} bytes.`;
    throw new SelectError("ExpressionTooLong", detail);
  }
  const lexer = new Lexer(expression);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === "end") return tokens;
  }
}

class Lexer {
  readonly #text: string;
  #offset = 0;
  /** Lines are counted on the way, so that long expressions cost no more than their length. */
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    while (this.#take(SPACE) !== null);
    const position = this.#position();
    const token = (kind: TokenKind, text: string): Token => ({ kind, text, position });
    if (this.#offset === this.#text.length) return token("end", "");
    const word = this.#take(WORD);
    if (word !== null) return token("word", word);
    const quoted = this.#take(QUOTED);
    if (quoted !== null) return token("quoted", quoted.slice(1, -1).replaceAll('""', '"'));
    const string = this.#take(STRING);
    if (string !== null) return token("string", string.slice(1, -1).replaceAll("''", "'"));
    const ion = this.#take(ION);
    if (ion !== null) return token("ion", ion.slice(1, -1));
    const number = this.#take(NUMBER);
    if (number !== null) return this.#number(number, token);
    const symbol = this.#take(SYMBOL);
    if (symbol !== null) return token("symbol", symbol);
    throw this.#unknown(position);
  }

  #number(text: string, token: (kind: TokenKind, text: string) => Token): Token {
    const next = this.#take(WORD);
    if (next !== null) {
      const detail = `"${text}${next}" is neither a number nor a name; quote names that begin with a digit.`;
      throw new SelectError("LexerInvalidLiteral", detail, token("decimal", text).position);
    }
    return token(/^\d+$/u.test(text) ? "integer" : "decimal", text);
  }

  #unknown(position: Position): SelectError {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#offset) ?? 0);
    const ends: Record<string, string> = { "'": "text", '"': "name", "`": "Ion literal" };
    const what = ends[character];
    if (what !== undefined) {
      const code = character === "`" ? "LexerInvalidIONLiteral" : "LexerInvalidLiteral";
      return new SelectError(
        code,
        `The ${what} that begins here has no closing ${character}.`,
        position,
      );
    }
    const isOperator = "!&|^~".includes(character);
    const code = isOperator ? "LexerInvalidOperator" : "LexerInvalidChar";
    return new SelectError(
      code,
      `"${character}" begins nothing that an expression may have.`,
      position,
    );
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === "") return null;
    for (let at = found.indexOf("\n"); at !== -1; at = found.indexOf("\n", at + 1)) {
      this.#line += 1;
      this.#lineStart = this.#offset + at + 1;
    }
    this.#offset += found.length;
    return found;
  }

  #position(): Position {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }
}
