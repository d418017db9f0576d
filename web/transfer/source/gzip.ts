/** Types that shrink, and that every reader unpacks by itself when told how they were packed. */
const TEXT_TYPES =
  /^(text\/|application\/(json|ndjson|x-ndjson|xml|javascript|sql|x-yaml|yaml|toml|csv)\b|[\w.+-]+\/[\w.+-]+\+(json|xml)\b|image\/svg\+xml\b)/;

const TEXT_NAMES =
  /\.(txt|csv|tsv|json|jsonl|ndjson|geojson|xml|html?|css|m?js|ts|md|log|sql|ya?ml|toml|svg)$/i;

/** Whether a file is text by its type, or by its name where the browser knows no type. */
export function isText(file: Pick<File, "name" | "type">): boolean {
  return file.type === "" ? TEXT_NAMES.test(file.name) : TEXT_TYPES.test(file.type);
}

/** The bytes of a file packed by gzip while they are read. */
export function gzipStream(file: File): ReadableStream<Uint8Array> {
  return file.stream().pipeThrough(new CompressionStream("gzip"));
}
