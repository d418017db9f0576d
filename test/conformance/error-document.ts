import { XMLParser } from "fast-xml-parser";
import type { RawAnswer } from "./raw-request.ts";

const parser = new XMLParser({ parseTagValue: false, processEntities: true });

/** Fields of an `<Error>` document by element name. */
export function errorFields(answer: RawAnswer): Record<string, string> {
  const document: unknown = parser.parse(answer.body.toString());
  if (typeof document !== "object" || document === null || !("Error" in document)) return {};
  return Object.fromEntries(
    Object.entries(document.Error ?? {}).map(([name, value]) => [name, String(value)]),
  );
}

/** Status and code of an answer, as in "404 NoSuchKey"; the status alone where it has no code. */
export function verdict(answer: RawAnswer): string {
  const { Code } = errorFields(answer);
  return Code ? `${answer.status} ${Code}` : String(answer.status);
}
