import {
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { pathOf, type Column } from "../question/query-target.ts";
import { FUNCTIONS, KEYWORDS, TYPES } from "./select-words.ts";

/** What completion is offered for: a word that has begun, with the alias and the quote before it. */
const WORD = /(?:\bs\."?|")?[\p{L}\p{N}_]*$/u;

/** Most columns that are offered at once. */
const MAX_COLUMNS = 500;

/**
 * Offers the object's columns, functions, and words. Behind `s.` columns alone.
 * @param columns of the object as it is known now
 */
export function completeSql(
  context: CompletionContext,
  columns: readonly Column[],
): CompletionResult | null {
  if (isInText(context) || isNaming(context)) return null;
  const word = context.matchBefore(WORD);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  const offered = columns.slice(0, MAX_COLUMNS).map(columnCompletion);
  const isColumn = /^(s\.|")/.test(word.text);
  const all = isColumn ? offered : [...offered, ...FUNCTION_COMPLETIONS, ...WORD_COMPLETIONS];
  // The editor's own filter would hold `s.na` against names that stand there without the alias.
  return { from: word.from, options: matching(word.text, all), filter: false };
}

const FUNCTION_COMPLETIONS = FUNCTIONS.map(({ name, template, info }) =>
  snippetCompletion(template, { label: name, type: "function", detail: info }),
);

const WORD_COMPLETIONS: readonly Completion[] = [
  ...KEYWORDS.map((label) => ({ label, type: "keyword" })),
  ...TYPES.map((label) => ({ label, type: "type" })),
  { label: "S3Object", type: "keyword", detail: "the object" },
];

function columnCompletion({ name, type }: Column): Completion {
  return { label: name, apply: pathOf(name), type: "property", detail: type, boost: 2 };
}

/** Those that begin with what was typed, before those that hold it. */
function matching(typed: string, options: readonly Completion[]): Completion[] {
  const bare = typed.replace(/^s\."?|^"/, "").toLowerCase();
  const places = options.map(({ label }) => label.toLowerCase().indexOf(bare));
  const begins = options.filter((_, index) => places[index] === 0);
  const holds = options.filter((_, index) => bare.length > 1 && (places[index] ?? 0) > 0);
  return [...begins, ...holds];
}

/** Whether a new name is due, which nobody can complete: behind AS, and behind the object. */
function isNaming({ state, pos }: CompletionContext): boolean {
  return /\b(as|s3object(\[\*\]\S*)?)\s+\w*$/i.test(state.sliceDoc(Math.max(0, pos - 500), pos));
}

/** Whether the cursor is within a text in single quotes. */
function isInText({ state, pos }: CompletionContext): boolean {
  return (state.sliceDoc(0, pos).split("'").length - 1) % 2 === 1;
}
