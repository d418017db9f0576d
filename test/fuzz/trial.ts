import { DEFAULT_CSV_INPUT, type CsvInput } from "../../shared/select/csv-input.ts";
import { DEFAULT_CSV_OUTPUT, DEFAULT_JSON_OUTPUT } from "../../shared/select/output.ts";
import type {
  Compression,
  ScanRange,
  SelectInput,
  SelectRequest,
} from "../../shared/select/select-request.ts";
import type { Corpus } from "./corpus.ts";
import { diceFor, type Dice } from "./dice.ts";
import { mutate } from "./mutate.ts";
import { randomQuery } from "./random-sql.ts";

/** A question about an object, both as the dice say. */
export interface Trial {
  readonly kind: keyof Corpus;
  readonly request: SelectRequest;
  readonly bytes: Uint8Array;
  /** The object comes in pieces of so many bytes. */
  readonly pieceBytes: number;
  /** It is asked again in other pieces, which must not make a difference; null: it is not. */
  readonly otherPieceBytes: number | null;
  /** Whoever asks leaves after the first event. */
  readonly isLeft: boolean;
}

/** As often as they are named; what has to be unpacked takes longest. */
const KINDS = [
  ...(["csv", "csv", "csv", "csv", "csv", "json", "json", "json", "json", "json"] as const),
  ...(["parquet", "parquet", "parquet", "gzip", "bzip2"] as const),
] as const;
const COMPRESSIONS = { csv: "NONE", json: "NONE", gzip: "GZIP", bzip2: "BZIP2" } as const;

const PLAIN = [
  "SELECT * FROM S3Object",
  "SELECT COUNT(*) FROM S3Object",
  "SELECT s._1 FROM S3Object s WHERE s._1 > 1",
  "SELECT SUM(CAST(_1 AS INT)) FROM S3Object",
] as const;

/** The trial of a number; the same each time. */
export function trialOf(seed: number, index: number, corpus: Corpus): Trial {
  const dice = diceFor(seed, index);
  const kind = dice.pick(KINDS);
  const output = dice.onceIn(2)
    ? ({ format: "JSON", json: DEFAULT_JSON_OUTPUT } as const)
    : ({ format: "CSV", csv: DEFAULT_CSV_OUTPUT } as const);
  const scanRange = dice.onceIn(15) ? randomRange(dice) : undefined;
  const bytes = dice.onceIn(10)
    ? dice.bytes(dice.below(2000))
    : mutate(dice.pick(corpus[kind]), dice);
  const sql = dice.onceIn(4) ? dice.pick(PLAIN) : randomQuery(dice);
  const isTwice = dice.onceIn(3) && !/utcnow/iu.test(sql);
  return {
    kind,
    request: {
      sql,
      input: inputOf(kind, dice),
      output,
      ...(scanRange && { scanRange }),
    },
    bytes,
    // Byte by byte only what is short: each piece takes its time.
    pieceBytes: dice.pick(bytes.length < 1000 ? [1, 7, 65_536] : [1000, 65_536]),
    otherPieceBytes: isTwice ? (bytes.length < 1000 ? 3 : 4093) : null,
    isLeft: dice.onceIn(30),
  };
}

function inputOf(kind: Trial["kind"], dice: Dice): SelectInput {
  if (kind === "parquet") return { format: "PARQUET", compression: "NONE" };
  const compression: Compression = COMPRESSIONS[kind];
  const isJson = kind === "json" || (kind !== "csv" && dice.onceIn(3));
  if (!isJson) return { format: "CSV", compression, csv: randomCsv(dice) };
  return { format: "JSON", compression, type: dice.pick(["DOCUMENT", "LINES"]) };
}

function randomCsv(dice: Dice): CsvInput {
  const header = dice.pick(["NONE", "IGNORE", "USE"] as const);
  const allowsQuotedRecordDelimiter = dice.onceIn(2);
  const given = { ...DEFAULT_CSV_INPUT, header, allowsQuotedRecordDelimiter };
  if (!dice.onceIn(3)) return given;
  const any = () => String.fromCharCode(dice.below(128));
  return {
    ...given,
    fieldDelimiter: dice.pick([",", ";", "\t", any()]),
    recordDelimiter: dice.pick(["\n", "\r\n", "|", any(), any() + any()]),
    quote: dice.pick(['"', "'", any()]),
    quoteEscape: dice.pick(['"', "\\", any()]),
    comment: dice.pick(["", "#", any()]),
  };
}

function randomRange(dice: Dice): ScanRange {
  const bound = () => dice.pick([0, 1, dice.below(100), dice.below(5000), -1, 2 ** 40, 1.5]);
  return {
    ...(!dice.onceIn(3) && { start: bound() }),
    ...(!dice.onceIn(3) && { end: bound() }),
  };
}
