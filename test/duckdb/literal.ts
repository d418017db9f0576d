/** A text as DuckDB's literal. */
export function literalOf(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
