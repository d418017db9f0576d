/** The browser may still be reading a blob for so long after its download began, in milliseconds. */
const KEPT_MS = 60_000;

/** Has the browser save a file. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** What the file of an answer is called: `sales-answer.csv` for an object `2026/sales.csv.gz`. */
export function answerFileName(key: string, extension: "csv" | "json"): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const bare = name.replace(/(\.(csv|tsv|json|ndjson|jsonl|parquet|txt|gz|bz2))+$/i, "");
  return `${bare || "query"}-answer.${extension}`;
}
