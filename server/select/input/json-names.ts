import type { Evaluate } from "../evaluate/evaluator.ts";
import { follow } from "../evaluate/paths.ts";
import type { Path, PathStep } from "../sql/syntax.ts";
import { Structure, type Value } from "../values/value.ts";

/**
 * Finds values in JSON records.
 * @param alias of the records in the query
 * @param from the steps behind `S3Object[*]`: where there is no alias, a record goes by the name that they end with
 */
export function bindKeys(
  alias: string | null,
  from: readonly PathStep[],
): (path: Path) => Evaluate<Value> {
  const name = (alias ?? nameOf(from)).toLowerCase();
  return ({ steps }) => {
    const [first, ...others] = steps;
    if (first?.kind === "key" && first.name.toLowerCase() === name) {
      // A record may have a key that is called as it is called itself.
      return (record) =>
        others.length === 0 && record instanceof Structure && record.fields.has(first.name)
          ? follow(record, steps)
          : follow(record, others);
    }
    // A record that is no structure is its own first column.
    if (first?.kind === "key" && first.name === "_1") {
      return (record) =>
        record instanceof Structure ? follow(record, steps) : follow(record, others);
    }
    return (record) => follow(record, steps);
  };
}

/** The key of a record that a path begins at. */
export interface RecordKey {
  readonly name: string;
  /** The path leads to its value, and not into it. */
  readonly isWhole: boolean;
}

/** Which key of the records a path begins at; null where it is not one that can be told by its bytes. */
export function keyOf({ steps }: Path, alias: string | null): RecordKey | null {
  const [first] = steps;
  const isAliased =
    first?.kind === "key" && first.name.toLowerCase() === (alias ?? "s3object").toLowerCase();
  const [key, ...others] = isAliased ? steps.slice(1) : steps;
  if (key?.kind !== "key" || key.name === "_1" || !/^[\u0020-\u007e]+$/u.test(key.name))
    return null;
  return { name: key.name, isWhole: others.length === 0 };
}

function nameOf(from: readonly PathStep[]): string {
  if (from.length === 0) return "s3object";
  const last = from.at(-1);
  return last?.kind === "key" ? last.name : "_1";
}
