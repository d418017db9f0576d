import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Objects that are in order, to be spoilt. */
export interface Corpus {
  readonly csv: readonly Uint8Array[];
  readonly json: readonly Uint8Array[];
  readonly parquet: readonly Uint8Array[];
  readonly gzip: readonly Uint8Array[];
  readonly bzip2: readonly Uint8Array[];
}

const CSV = [
  'a,b,c\n1,2.5,x\n3,,"y, z"\n',
  '"a""b",c\r\n"d\ne",f\r\n#no\n,,\n',
  "a;b|c;d|e",
  "2016-02-29T,true,-1e5\n'q',\\\"x\\\",\ufeff\n",
  Array.from({ length: 300 }, (_, row) => `${row},name ${row},${row / 7}\n`).join(""),
];

const JSON_TEXTS = [
  '{"a":1,"b":{"c":"x","e":[1,2]},"d":[10,{"a":"\\u00e4\\n"}]}\n{"a":null,"d":[]}\n',
  '[{"a":1},{"a":2.5e10}] {"a":"\\ud83d\\ude00"}',
  '{\n "a" : { "a" : { "a" : [ [ [ true ] ] ] } },\n "b" : -0.0 }',
  '{"a":12345678901234567890123,"b":"2016-02-29T","a":1}',
  Array.from({ length: 200 }, (_, row) => `{"a":${row},"b":{"c":"${row}"},"d":[${row}]}\n`).join(
    "",
  ),
];

/** Reads what tests of the formats are made of. */
export function readCorpus(): Corpus {
  const csv = CSV.map((text) => Buffer.from(text));
  const json = JSON_TEXTS.map((text) => Buffer.from(text));
  return {
    csv,
    json,
    parquet: filesIn("../server/select/parquet/fixtures/", ".parquet"),
    gzip: [...csv, ...json].map((text) => gzipSync(text)),
    bzip2: filesIn("../server/select/bzip2/packed/", ".bz2"),
  };
}

function filesIn(folder: string, extension: string): readonly Uint8Array[] {
  const url = new URL(folder, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith(extension))
    .toSorted()
    .map((name) => readFileSync(new URL(name, url)));
}
