import { SelectError } from "../../../shared/select/select-error.ts";
import type { Path, PathStep } from "../sql/syntax.ts";
import type { Evaluate } from "../evaluate/evaluator.ts";
import type { CsvRecord } from "./csv-row.ts";

/** More columns than this cannot lie in a record. */
const MAX_COLUMN = 1024 * 1024;

/** Says which column a path names, from 0. @throws SelectError for a name that no column has */
export type FindColumn = (path: Path) => number;

/** Reads columns by the paths that name them. */
export function bindColumns(find: FindColumn): (path: Path) => Evaluate<CsvRecord> {
  return (path) => {
    const index = find(path);
    return (row) => row.text(index);
  };
}

/**
 * Finds columns by `_1`, `_2`, … and by the names of the header.
 * @param header null where the object has none that counts
 * @param alias of the object in the query
 */
export function findColumns(header: readonly string[] | null, alias: string | null): FindColumn {
  const exact = new Map<string, number[]>();
  const folded = new Map<string, number[]>();
  for (const [index, name] of header?.entries() ?? []) {
    addTo(exact, name, index);
    addTo(folded, name.toLowerCase(), index);
  }
  return indexOf;

  function indexOf(path: Path): number {
    const [step, ...others] = withoutAlias(path.steps, alias);
    if (step?.kind !== "key" || others.length > 0) {
      const detail =
        "A CSV record has columns and nothing within them; name one by its header or as _1.";
      throw new SelectError("InvalidKeyPath", detail, path.position);
    }
    const named = step.isQuoted ? exact.get(step.name) : folded.get(step.name.toLowerCase());
    const [index, ...more] = named ?? [];
    const place = /^_(\d{1,9})$/u.exec(step.name)?.[1];
    if (place !== undefined && index === undefined) return placeOf(Number(place), path);
    if (index === undefined) throw unknown(step.name, path);
    if (more.length === 0) return index;
    const detail = `"${step.name}" is the name of ${more.length + 1} columns; use _${index + 1} for the first of them.`;
    throw new SelectError("AmbiguousFieldName", detail, path.position);
  }

  function placeOf(place: number, path: Path): number {
    if (place >= 1 && place <= MAX_COLUMN) return place - 1;
    const detail = "Columns are counted from _1.";
    throw new SelectError("InvalidColumnIndex", detail, path.position);
  }

  function unknown(name: string, path: Path): SelectError {
    if (header === null) {
      const detail = `"${name}" cannot be looked up: the object's header is not used. Name columns as _1, or use the header.`;
      return new SelectError("InvalidColumnIndex", detail, path.position);
    }
    const detail = `The header has no column "${name}".`;
    return new SelectError("MissingHeaders", detail, path.position);
  }
}

/** A path may begin with the object's alias, or with S3Object where it has none. */
function withoutAlias(steps: readonly PathStep[], alias: string | null): readonly PathStep[] {
  const [first, ...others] = steps;
  if (first?.kind !== "key" || others.length === 0) return steps;
  return first.name.toLowerCase() === (alias ?? "s3object").toLowerCase() ? others : steps;
}

function addTo(places: Map<string, number[]>, name: string, index: number): void {
  const known = places.get(name);
  if (known) known.push(index);
  else places.set(name, [index]);
}
