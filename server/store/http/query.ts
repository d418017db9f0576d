import { percentDecode } from "./percent-encoding.ts";

/** A decoded query string: pairs in their order, and the first value by name. */
export interface Query {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  get(name: string): string | undefined;
  has(name: string): boolean;
}

/**
 * Decodes a raw query string (without `?`); a plus sign is a space, as S3 reads it.
 * @throws InvalidURI for malformed escapes
 */
export function parseQuery(raw: string): Query {
  const pairs = raw.split("&").filter(Boolean).map(parsePair);
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) if (!byName.has(name)) byName.set(name, value);
  return { pairs, get: (name) => byName.get(name), has: (name) => byName.has(name) };
}

function parsePair(pair: string): readonly [string, string] {
  const equals = pair.indexOf("=");
  if (equals < 0) return [decode(pair), ""];
  return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

const decode = (text: string): string => percentDecode(text.replaceAll("+", " "));
