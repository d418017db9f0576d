export { scanCsv } from "./csv";
export { scanJson } from "./json";
export { unpackSnappy } from "./snappy";
