/** A value of a record as the page shows it. */
export interface Cell {
  readonly kind: "text" | "number" | "bool" | "nested" | "null";
  /** As a person reads it: text without its quotes, everything else as the answer has it. */
  readonly text: string;
}

const decoder = new TextDecoder();

/** What the bytes of a JSON value are. */
export function cellOf(bytes: Uint8Array, start: number, end: number): Cell {
  const first = bytes[start];
  if (first === 0x22) return { kind: "text", text: textOf(bytes, start, end) };
  const text = decoder.decode(bytes.subarray(start, end));
  if (first === 0x7b || first === 0x5b) return { kind: "nested", text };
  if (text === "null") return { kind: "null", text };
  return { kind: text === "true" || text === "false" ? "bool" : "number", text };
}

/** A JSON text between its quotes, which stand at `start` and before `end`. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const raw = decoder.decode(bytes.subarray(start, end));
  if (!raw.includes("\\")) return raw.slice(1, -1);
  try {
    return String(JSON.parse(raw));
  } catch {
    // Cut off or no JSON: as it came.
    return raw;
  }
}

/** Whether a value that is written as text reads as a number, as all of CSV does. */
export function readsAsNumber(text: string): boolean {
  return text.length < 40 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text);
}
