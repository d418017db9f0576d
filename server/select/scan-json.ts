import type { Setting } from "./evaluate/evaluator.ts";
import { planQuery, type Plan } from "./evaluate/plan.ts";
import { bindKeys } from "./input/json-names.ts";
import { JsonWalker } from "./input/json-walker.ts";
import { parseJson } from "./input/json-text.ts";
import type { RecordReader } from "./input/record-reader.ts";
import { Answer, type WholeRecord } from "./output/answer.ts";
import type { RecordWriter } from "./output/record-writer.ts";
import { WHOLE, type Span } from "./scan-range.ts";
import type { Query } from "./sql/syntax.ts";
import { MISSING, Structure, type Value } from "./values/value.ts";

/**
 * Answers a query from the bytes of a JSON object.
 * @param mostBytes of one record
 * @throws SelectError at once where the query fails whatever the object holds
 */
export function scanJson(
  query: Query,
  mostBytes: number,
  writer: RecordWriter,
  now: Setting<Value>["now"],
  span: Pick<Span, "offset" | "lastOffset"> = WHOLE,
): RecordReader {
  const answer = new Answer(planJson(query, now), writer, wholeValue);
  const take = (text: string | null, offset: number): boolean =>
    offset <= span.lastOffset && answer.take(text === null ? MISSING : parseJson(text));
  const scanner = new JsonWalker(query.from, take, span.offset, mostBytes);
  return {
    get isOver() {
      return scanner.isOver;
    },
    push: (piece) => scanner.push(piece),
    end() {
      scanner.end();
      answer.end();
    },
    takeBytes: () => answer.takeBytes(),
  };
}

/** Makes a query ready for records of JSON. @throws SelectError where it fails whatever they hold */
export function planJson(query: Query, now: Setting<Value>["now"]): Plan<Value> {
  const bind = bindKeys(query.alias, query.from);
  return planQuery<Value>(query, { bind, isUntyped: false, now });
}

/** A record that is no structure is its own first column. */
export function wholeValue(record: Value): WholeRecord {
  if (!(record instanceof Structure)) return { names: ["_1"], values: [record] };
  return { names: [...record.fields.keys()], values: [...record.fields.values()] };
}
