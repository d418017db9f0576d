import type { PathStep } from "../sql/syntax.ts";
import { List, MISSING, Structure, type Value } from "../values/value.ts";

/**
 * Where a path leads to from a value: a key or an element that is not there is MISSING, and a wildcard makes a list
 * of what is there.
 */
export function follow(value: Value, steps: readonly PathStep[]): Value {
  let current = value;
  for (const [index, step] of steps.entries()) {
    if (step.kind === "elements" || step.kind === "values") {
      const rest = steps.slice(index + 1);
      const found = valuesAt(current, step).map((each) => follow(each, rest));
      return new List(found.filter((each) => each !== MISSING));
    }
    current = step.kind === "index" ? elementOf(current, step.index) : fieldOf(current, step);
    if (current === MISSING) return MISSING;
  }
  return current;
}

function valuesAt(value: Value, step: PathStep): readonly Value[] {
  if (step.kind === "elements") return value instanceof List ? value.items : [value];
  return value instanceof Structure ? [...value.fields.values()] : [];
}

function elementOf(value: Value, index: number): Value {
  const item = value instanceof List ? value.items[index] : undefined;
  return item === undefined ? MISSING : item;
}

function fieldOf(value: Value, step: Extract<PathStep, { kind: "key" }>): Value {
  if (!(value instanceof Structure)) return MISSING;
  const exact = value.fields.get(step.name);
  if (exact !== undefined) return exact;
  if (step.isQuoted) return MISSING;
  const wanted = step.name.toLowerCase();
  for (const [name, each] of value.fields) if (name.toLowerCase() === wanted) return each;
  return MISSING;
}
