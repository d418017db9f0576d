import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { PathStep } from "../sql/syntax.ts";
import { fieldsOf, leavesOf, type Field, type Fields, type Shape } from "./shape.ts";

/** Where a path leads to in a schema: to a part of it, and from its values on. */
export interface Located {
  readonly shape: Shape;
  readonly rest: readonly PathStep[];
}

/**
 * Follows a path through structures, as far as it leads through nothing else; null where there is no such name.
 * @throws SelectError `AmbiguousFieldName`
 */
export function locate(
  shape: Shape,
  steps: readonly PathStep[],
  position: Position | null,
): Located | null {
  const [first, ...others] = steps;
  if (shape.kind !== "structure" || first?.kind !== "key") {
    return { shape: pruned(shape, steps, position), rest: steps };
  }
  const field = fieldOf(shape, first, position);
  return field === null ? null : locate(field.shape, others, position);
}

/** Names go by their case where it is the only difference, or where they are quoted. */
function fieldOf(
  { byName, byLowerName }: Fields,
  { name, isQuoted }: Extract<PathStep, { kind: "key" }>,
  position: Position | null,
): Field | null {
  const exact = byName.get(name);
  if (exact || isQuoted) return exact ?? null;
  const [found, ...others] = byLowerName.get(name.toLowerCase()) ?? [];
  if (others.length === 0) return found ?? null;
  const detail = `Several columns are called ${name} but for their case; write the name in double quotes.`;
  throw new SelectError("AmbiguousFieldName", detail, position);
}

/** A part of the schema without what a path leaves aside. */
function pruned(shape: Shape, steps: readonly PathStep[], position: Position | null): Shape {
  const [first, ...others] = steps;
  if (first === undefined) return shape;
  if (shape.kind === "list" && (first.kind === "index" || first.kind === "elements")) {
    return { ...shape, item: pruned(shape.item, others, position) };
  }
  if (shape.kind !== "structure" || first.kind !== "key") return shape;
  const field = fieldOf(shape, first, position);
  if (field === null) return shape;
  const kept = { ...field, shape: pruned(field.shape, others, position) };
  return { ...shape, ...fieldsOf([kept]) };
}

/** Tells parts of a schema from each other. */
export function keyOf(shape: Shape): string {
  const leaves = leavesOf(shape).map(({ index }) => index);
  return `${shape.kind} ${shape.definition} ${leaves.join(" ")}`;
}
