/** Characters of a text, by their offsets; the end is exclusive. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** The word, the quoted text or the sign that stands at a place of a text; at its end the last character. */
export function rangeAt(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): TextRange {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const from = Math.min(before + column - 1, text.length);
  const [word = ""] =
    /^('(?:[^']|'')*'?|"[^"]*"?|[\p{L}\p{N}_.]+|[^\s\w])/u.exec(text.slice(from)) ?? [];
  if (word !== "") return { from, to: from + word.length };
  // At the end, or on a space, there is nothing to underline: what comes before it is.
  const trimmed = text.slice(0, from).trimEnd().length;
  return { from: Math.max(0, trimmed - 1), to: Math.max(from, trimmed) };
}
