import { SelectError } from "../../../shared/select/select-error.ts";
import { damaged } from "./fault.ts";
import { meaningOf, type Leaf } from "./leaf.ts";
import type { SchemaElement } from "./schema-element.ts";

/** Most columns of a file. */
const MAX_COLUMNS = 10_000;

/** Most that values may lie within each other. */
const MAX_DEPTH = 32;

interface Place {
  /** The definition level from which on it is there. */
  readonly definition: number;
  readonly isOptional: boolean;
}

/** What the values of a part of the schema look like. */
export type Shape =
  | (Place & { readonly kind: "leaf"; readonly leaf: Leaf })
  | (Place & { readonly kind: "structure" } & Fields)
  /** `last`: repeated without being called a list, of which S3 Select takes the last value. */
  | (Place & Repeated & { readonly kind: "list" | "last"; readonly item: Shape })
  | (Place & Repeated & { readonly kind: "map"; readonly key: Shape; readonly value: Shape });

/** What a structure holds, in order and by names. */
export interface Fields {
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  /** By names in lower case, which several may have. */
  readonly byLowerName: ReadonlyMap<string, readonly Field[]>;
}

interface Repeated {
  /** The definition level from which on there is an element. */
  readonly itemDefinition: number;
  /** The repetition level of a further element. */
  readonly repetition: number;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
}

/** Finds fields by their names; of those that have the same, the first. */
export function fieldsOf(fields: readonly Field[]): Fields {
  const byLowerName = new Map<string, Field[]>();
  for (const field of fields) {
    const name = field.name.toLowerCase();
    const others = byLowerName.get(name);
    if (others) others.push(field);
    else byLowerName.set(name, [field]);
  }
  const byName = new Map(fields.toReversed().map((field) => [field.name, field]));
  return { fields, byName, byLowerName };
}

/** The structure that every record is. */
export type RecordShape = Extract<Shape, { kind: "structure" }>;

/**
 * Builds the tree of a schema.
 * @throws SelectError `ParquetParsingError`, `OverMaxColumn`
 */
export function shapeOf(elements: readonly SchemaElement[]): RecordShape {
  const build = new ShapeBuilder(elements);
  return build.record();
}

/** Levels of what an element lies in. */
interface Levels {
  readonly definition: number;
  readonly repetition: number;
  readonly depth: number;
}

/** Goes through the list of elements once. */
class ShapeBuilder {
  readonly #elements: readonly SchemaElement[];
  #at = 0;
  #leafCount = 0;

  constructor(elements: readonly SchemaElement[]) {
    this.#elements = elements;
  }

  record(): RecordShape {
    const root = this.#next();
    const fields = this.#fields(root, { definition: 0, repetition: 0, depth: 0 });
    if (this.#at !== this.#elements.length) throw damaged("its schema has parts beside its root");
    return { kind: "structure", definition: 0, isOptional: false, ...fieldsOf(fields) };
  }

  #next(): SchemaElement {
    const element = this.#elements[this.#at];
    if (element === undefined) throw damaged("its schema has fewer parts than it says");
    this.#at += 1;
    return element;
  }

  #fields({ childCount }: SchemaElement, levels: Levels): readonly Field[] {
    if (levels.depth > MAX_DEPTH) throw damaged(`its schema nests deeper than ${MAX_DEPTH} levels`);
    // A count is a word only: the elements themselves end the loop.
    const fields: Field[] = [];
    for (let index = 0; index < childCount; index += 1) {
      const element = this.#next();
      fields.push({ name: element.name, shape: this.#shape(element, levels) });
    }
    return fields;
  }

  #shape(element: SchemaElement, levels: Levels): Shape {
    const isRepeated = element.repetition === "repeated";
    const isOptional = element.repetition === "optional";
    const inner: Levels = {
      definition: levels.definition + (isRepeated || isOptional ? 1 : 0),
      repetition: levels.repetition + (isRepeated ? 1 : 0),
      depth: levels.depth + 1,
    };
    if (!isRepeated) return this.#content(element, inner, isOptional);
    const item = this.#content(element, inner, false);
    return {
      kind: "last",
      item,
      definition: levels.definition,
      isOptional: false,
      itemDefinition: inner.definition,
      repetition: inner.repetition,
    };
  }

  #content(element: SchemaElement, levels: Levels, isOptional: boolean): Shape {
    if (element.childCount <= 0) return this.#leaf(element, levels, isOptional);
    const fields = this.#fields(element, levels);
    const { definition } = levels;
    const only = fields.length === 1 ? fields[0] : undefined;
    if (only?.shape.kind === "last") {
      const { item, itemDefinition, repetition } = only.shape;
      const place = { definition, isOptional, itemDefinition, repetition };
      if (isMap(element) && item.kind === "structure" && item.fields.length === 2) {
        const [key, value] = item.fields;
        if (key && value) return { ...place, kind: "map", key: key.shape, value: value.shape };
      }
      if (isList(element) || isMap(element)) {
        return { ...place, kind: "list", item: itemOf(element.name, only.name, item) };
      }
    }
    return { kind: "structure", definition, isOptional, ...fieldsOf(fields) };
  }

  #leaf(element: SchemaElement, levels: Levels, isOptional: boolean): Shape {
    const { physical, name, widthBytes } = element;
    if (physical === null) throw damaged(`its column "${name}" has no type`);
    if (physical === "FIXED_LEN_BYTE_ARRAY" && widthBytes <= 0) {
      throw damaged(`the values of its column "${name}" have no width`);
    }
    const index = this.#leafCount;
    this.#leafCount += 1;
    if (this.#leafCount > MAX_COLUMNS) {
      const detail = `A file has at most ${MAX_COLUMNS} columns; split this one.`;
      throw new SelectError("OverMaxColumn", detail);
    }
    const { definition, repetition } = levels;
    const leaf: Leaf = {
      index,
      name,
      physical,
      widthBytes,
      // Types that cannot be read matter where a query asks for them, and only there.
      get meaning() {
        return meaningOf(element, physical);
      },
      maxDefinition: definition,
      maxRepetition: repetition,
      isOptional,
    };
    return { kind: "leaf", leaf, definition, isOptional };
  }
}

function isList({ logical, converted }: SchemaElement): boolean {
  return logical?.type === "LIST" || converted === "LIST";
}

function isMap({ logical, converted }: SchemaElement): boolean {
  return logical?.type === "MAP" || converted === "MAP" || converted === "MAP_KEY_VALUE";
}

/**
 * What a list holds: what its repeated part holds, unless older writers left that out.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
 */
function itemOf(listName: string, name: string, repeated: Shape): Shape {
  if (repeated.kind !== "structure" || repeated.fields.length !== 1) return repeated;
  if (name === "array" || name === `${listName}_tuple`) return repeated;
  return repeated.fields[0]?.shape ?? repeated;
}

/** The columns that a part of the schema is made of. */
export function leavesOf(shape: Shape): readonly Leaf[] {
  switch (shape.kind) {
    case "leaf":
      return [shape.leaf];
    case "structure":
      return shape.fields.flatMap((field) => leavesOf(field.shape));
    case "map":
      return [...leavesOf(shape.key), ...leavesOf(shape.value)];
    default:
      return leavesOf(shape.item);
  }
}
