/** Names of objects that can be asked a question: CSV, JSON and Parquet, plain or compressed. */
const QUERYABLE = /\.(csv|tsv|json|jsonl|ndjson|parquet)(\.(gz|bz2))?$/i;

/** Whether an object is likely to be one that can be queried, by its name. */
export function isQueryable(key: string): boolean {
  return QUERYABLE.test(key);
}
