/** S3 Select over byte ranges: queries about CSV, JSON and Parquet objects, in bounded memory. */
export { detect } from "./detect/index.ts";
export { compressionOf } from "./input/decompress.ts";
export { select } from "./select.ts";
export { startQueryThreads, type QueryEngine, type QueryThreads } from "./threads/query-threads.ts";
