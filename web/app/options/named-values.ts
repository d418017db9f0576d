/** A name and a value as a person typed them: metadata or a tag. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Typed rows, judged: what can be sent, and why the rest cannot. */
export interface JudgedValues {
  readonly accepted: Readonly<Record<string, string>>;
  /** One entry a row: a sentence, or null where nothing is wrong with it. */
  readonly faults: readonly (string | null)[];
}

/**
 * Judges rows in order, each in the light of those accepted before it. Empty rows are neither
 * accepted nor at fault: somebody is about to fill them.
 * @param faultOf a sentence on what is wrong with a row, or null
 */
export function judgeValues(
  rows: readonly NamedValue[],
  faultOf: (row: NamedValue, accepted: readonly NamedValue[]) => string | null,
): JudgedValues {
  const accepted: NamedValue[] = [];
  const faults = rows.map((row) => {
    if (row.name === "" && row.value === "") return null;
    const fault = faultOf(row, accepted);
    if (fault === null) accepted.push(row);
    return fault;
  });
  // Not an object literal's keys: `__proto__` is a name like any other.
  return { accepted: Object.fromEntries(accepted.map(({ name, value }) => [name, value])), faults };
}
