export { scanCsv } from "./csv";
export { scanJson } from "./json";
