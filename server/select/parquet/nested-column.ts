import { textOf } from "../values/text.ts";
import { List, MISSING, Structure, type Value } from "../values/value.ts";
import { damaged } from "./fault.ts";
import type { Leaf } from "./leaf.ts";
import { NestedLeaf } from "./nested-leaf.ts";
import type { ChunkOf } from "./page-walk.ts";
import { leavesOf, type Shape } from "./shape.ts";

/** A list, a structure, a map, or what lies in one: put together from the columns it is made of. */
export class NestedColumn {
  readonly leaves: readonly Leaf[];
  readonly #parts: readonly NestedLeaf[];
  readonly #assemble: () => Value;
  /** Below this level it is not there, and neither is what it would lie in. */
  readonly #leastDefinition: number;

  constructor(shape: Shape) {
    this.leaves = leavesOf(shape);
    this.#parts = this.leaves.map((leaf) => new NestedLeaf(leaf));
    const byLeaf = new Map(this.#parts.map((part) => [part.leaf, part]));
    this.#assemble = assemblerOf(shape, byLeaf);
    this.#leastDefinition = shape.definition - (shape.isOptional ? 1 : 0);
  }

  /** The row behind those at hand. */
  get endRow(): number {
    return Math.min(...this.#parts.map((part) => part.endRow));
  }

  /** Begins with a row group. */
  open(chunkOf: ChunkOf): void {
    for (const part of this.#parts) part.open(chunkOf);
  }

  /** Has a row at hand; rows are asked for in order. */
  async load(row: number): Promise<void> {
    for (const part of this.#parts) await part.load(row);
  }

  valueAt(row: number): Value {
    for (const part of this.#parts) part.goTo(row);
    const [guide] = this.#parts;
    if (guide && guide.definition < this.#leastDefinition) return MISSING;
    const value = this.#assemble();
    if (this.#parts.some((part) => !part.isAtEnd)) {
      throw damaged("the columns of a structure do not fit each other");
    }
    return value;
  }
}

type ByLeaf = ReadonlyMap<Leaf, NestedLeaf>;

/**
 * Makes what puts a value together from the entries that are next, and passes them.
 * @see https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets-2/
 */
function assemblerOf(shape: Shape, byLeaf: ByLeaf): () => Value {
  const parts = leavesOf(shape).flatMap((leaf) => byLeaf.get(leaf) ?? []);
  const [guide] = parts;
  if (guide === undefined) return () => new Structure(new Map());
  if (shape.kind === "leaf") return () => guide.take();
  const assemble = presentOf(shape, byLeaf, guide, parts);
  return () => {
    if (!shape.isOptional || guide.definition >= shape.definition) return assemble();
    pass(parts);
    return null;
  };
}

/** What is not there has one entry in each of its columns. */
function pass(parts: readonly NestedLeaf[]): void {
  for (const part of parts) part.take();
}

function presentOf(
  shape: Exclude<Shape, { kind: "leaf" }>,
  byLeaf: ByLeaf,
  guide: NestedLeaf,
  parts: readonly NestedLeaf[],
): () => Value {
  if (shape.kind === "structure") {
    const fields = shape.fields.map(
      (field) => [field.name, assemblerOf(field.shape, byLeaf)] as const,
    );
    return () => structureOf(fields.map(([name, assemble]) => [name, assemble()]));
  }
  /** Calls for each element in turn. */
  const each = (onItem: () => void): void => {
    if (guide.definition < shape.itemDefinition) return pass(parts);
    do onItem();
    while (guide.repetition === shape.repetition);
  };
  if (shape.kind === "map") {
    const key = assemblerOf(shape.key, byLeaf);
    const value = assemblerOf(shape.value, byLeaf);
    return () => {
      const fields: [string, Value][] = [];
      each(() => fields.push([textOf(key()), value()]));
      return structureOf(fields);
    };
  }
  const item = assemblerOf(shape.item, byLeaf);
  return () => {
    const items: Value[] = [];
    each(() => items.push(item()));
    return shape.kind === "list" ? new List(items) : (items.at(-1) ?? null);
  };
}

/** Of names that come twice, the first counts. */
function structureOf(fields: readonly (readonly [string, Value])[]): Structure {
  const map = new Map<string, Value>();
  for (const [name, value] of fields) if (!map.has(name)) map.set(name, value);
  return new Structure(map);
}
