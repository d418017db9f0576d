/** S3 Select over byte ranges: queries about CSV and JSON objects, in bounded memory. */
export { detect, isGzip } from "./detect/index.ts";
export { select } from "./select.ts";
