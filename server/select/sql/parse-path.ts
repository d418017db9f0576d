import type { Cursor } from "./cursor.ts";
import type { Path, PathStep } from "./syntax.ts";

/** A name and the steps behind it; the caller has seen that a name comes next. */
export function parsePath(cursor: Cursor): Path {
  const { position } = cursor.peek();
  return { kind: "path", steps: [takeKey(cursor), ...parseSteps(cursor)], position };
}

/** `.name`, `['name']`, `[0]`, `[*]` and `.*`, as many as there are. */
export function parseSteps(cursor: Cursor): PathStep[] {
  const steps: PathStep[] = [];
  for (;;) {
    if (cursor.takeSymbol(".")) steps.push(parseDotted(cursor));
    else if (cursor.takeSymbol("[")) steps.push(parseBracketed(cursor));
    else return steps;
  }
}

function takeKey(cursor: Cursor): PathStep {
  const { kind, text } = cursor.take();
  return { kind: "key", name: text, isQuoted: kind === "quoted" };
}

function parseDotted(cursor: Cursor): PathStep {
  if (cursor.takeSymbol("*")) return { kind: "values" };
  const { kind } = cursor.peek();
  // Behind a dot every word is a name.
  if (kind === "word" || kind === "quoted") return takeKey(cursor);
  throw cursor.unexpected("ParseInvalidPathComponent", 'a name or "*" behind the dot');
}

function parseBracketed(cursor: Cursor): PathStep {
  const step = parseSubscript(cursor);
  cursor.expectSymbol("]", "ParseInvalidPathComponent");
  return step;
}

function parseSubscript(cursor: Cursor): PathStep {
  if (cursor.takeSymbol("*")) return { kind: "elements" };
  const { kind, text } = cursor.peek();
  if (kind === "string") {
    cursor.take();
    return { kind: "key", name: text, isQuoted: true };
  }
  const index = Number(text);
  if (kind !== "integer" || !Number.isSafeInteger(index)) {
    throw cursor.unexpected(
      "ParseInvalidPathComponent",
      "a number from 0, 'a name' or * in brackets",
    );
  }
  cursor.take();
  return { kind: "index", index };
}
