import { ProblemError } from "../../../shared/problem.ts";
import { canonicalXml, parseXml, type XmlElement } from "./xml-elements.ts";

/** The rule that is ours; rules of other names are never touched. */
export const RULE_ID = "sluice-app";

/** What a document is called, and what its rules are. */
export interface DocumentNames {
  readonly root: "LifecycleConfiguration" | "CORSConfiguration";
  readonly rule: "Rule" | "CORSRule";
}

/** A bucket's document of rules, as it stands there. */
export interface RuleDocument {
  readonly source: string;
  readonly root: XmlElement;
  readonly rules: readonly XmlElement[];
}

/** Says which rule is ours. */
export type IsOurs = (rule: XmlElement) => boolean;

/** @throws ProblemError `storage-error` where it is another document, or none */
export function parseRules(source: string, names: DocumentNames): RuleDocument {
  const root = parseXml(source);
  if (root.name !== names.root) {
    const asked = `instead of ${names.root}`;
    throw new ProblemError("storage-error", `The storage answered ${quote(root.name)} ${asked}.`);
  }
  return { source, root, rules: root.children.filter(({ name }) => name === names.rule) };
}

/**
 * The document with our rule: in the place of the one that is there, else in front of all or behind them.
 * Not a byte of anything else changes.
 * @param content of our rule, in XML without namespace prefixes
 * @param position `first`: moved to the front, where the first rule that fits counts
 */
export function withRule(
  document: RuleDocument | null,
  names: DocumentNames,
  content: string,
  isOurs: IsOurs,
  position: "first" | "last",
): string {
  const rule = `<${names.rule}>${content}</${names.rule}>`;
  if (document === null) return `<${names.root} xmlns="${NAMESPACE}">${rule}</${names.root}>`;
  const { source, root, rules } = document;
  // A document whose elements have a prefix has its namespace there.
  const written = root.prefix === "" ? rule : rule.replace(/<(\/?)/g, `<$1${root.prefix}`);
  if (root.content === null) {
    const opened = `${source.slice(0, root.end - "/>".length).trimEnd()}>`;
    const close = `</${root.prefix}${root.name}>`;
    return opened + written + close + source.slice(root.end);
  }
  const ours = rules.filter(isOurs);
  const [first] = ours;
  const anchor = rules[0]?.start ?? root.content.start;
  const at = position === "first" ? anchor : (first?.start ?? root.content.end);
  return splice(source, ours, { at, text: written });
}

/** The document without our rule; `null` where no other is left. */
export function withoutRule({ source, rules }: RuleDocument, isOurs: IsOurs): string | null {
  const ours = rules.filter(isOurs);
  return ours.length === rules.length ? null : splice(source, ours, { at: 0, text: "" });
}

/** What all rules but ours say, in an order that does not depend on the storage's. */
export function othersOf(document: RuleDocument | null, isOurs: IsOurs): string {
  const others = document?.rules.filter((rule) => !isOurs(rule)) ?? [];
  return others.map(canonicalXml).toSorted().join("\n");
}

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Removes elements and inserts a text, which may stand at the beginning of one of them. */
function splice(
  source: string,
  removed: readonly XmlElement[],
  { at, text }: { readonly at: number; readonly text: string },
): string {
  const cuts = removed.map(({ start, end }) => ({ start, end, text: "" }));
  const all = [{ start: at, end: at, text }, ...cuts].toSorted((a, b) => a.start - b.start);
  let result = "";
  let from = 0;
  for (const cut of all) {
    result += source.slice(from, cut.start) + cut.text;
    from = cut.end;
  }
  return result + source.slice(from);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
