export { scanCsv } from "./csv";
export { scanJson } from "./json";
export { inflate } from "./inflate";
