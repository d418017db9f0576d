import { SelectError } from "../../../shared/select/select-error.ts";
import { numberOfText } from "../values/numbers.ts";
import { List, Structure, type Value } from "../values/value.ts";

/** Deeper nesting is no data; reading it would need a stack as deep. */
const MAX_DEPTH = 500;

const SPACE = /[ \t\n\r]*/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
// oxlint-disable-next-line no-control-regex -- JSON forbids them within a string
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/uy;

/**
 * Reads one JSON value. Numbers keep all their digits: whole ones become integers, the others decimals.
 * @throws SelectError `JSONParsingError`
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function parseJson(text: string): Value {
  const reader = new JsonReader(text);
  return reader.readAll();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): Value {
    this.#match(SPACE);
    const value = this.#readValue();
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw this.#fault();
    return value;
  }

  #readValue(): Value {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#readStructure());
      case "[":
        return this.#nested(() => this.#readList());
      case '"':
        return this.#readString();
      case "t":
        return this.#readWord("true", true);
      case "f":
        return this.#readWord("false", false);
      case "n":
        return this.#readWord("null", null);
      default:
        return this.#readNumber();
    }
  }

  #nested(read: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new SelectError(
        "JSONParsingError",
        `A value is nested deeper than ${MAX_DEPTH} levels.`,
      );
    }
    this.#at += 1;
    this.#match(SPACE);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #readStructure(): Value {
    const fields = new Map<string, Value>();
    if (this.#takeSymbol("}")) return new Structure(fields);
    do {
      this.#match(SPACE);
      if (this.#text[this.#at] !== '"') throw this.#fault();
      const name = this.#readString();
      this.#match(SPACE);
      if (!this.#takeSymbol(":")) throw this.#fault();
      this.#match(SPACE);
      const value = this.#readValue();
      if (!fields.has(name)) fields.set(name, value);
      this.#match(SPACE);
    } while (this.#takeSymbol(","));
    if (!this.#takeSymbol("}")) throw this.#fault();
    return new Structure(fields);
  }

  #readList(): Value {
    const items: Value[] = [];
    if (this.#takeSymbol("]")) return new List(items);
    do {
      this.#match(SPACE);
      items.push(this.#readValue());
      this.#match(SPACE);
    } while (this.#takeSymbol(","));
    if (!this.#takeSymbol("]")) throw this.#fault();
    return new List(items);
  }

  #readString(): string {
    const quoted = this.#match(STRING);
    if (quoted === "") throw this.#fault();
    return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  #readNumber(): Value {
    const text = this.#match(NUMBER);
    const number = text === "" ? null : numberOfText(text);
    if (number === null) throw this.#fault();
    return number;
  }

  #readWord(word: string, value: boolean | null): Value {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault();
    this.#at += word.length;
    return value;
  }

  #takeSymbol(symbol: string): boolean {
    if (this.#text[this.#at] !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #fault(): SelectError {
    const shown = this.#text.slice(this.#at, this.#at + 20);
    const what = shown === "" ? "the record ends too soon" : `"${shown}" is no JSON here`;
    return new SelectError("JSONParsingError", `Cannot read a record: ${what}.`);
  }
}
