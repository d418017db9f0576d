import { ProblemError } from "../../../shared/problem.ts";

/** An element and where it stands in its document: offsets in UTF-16 code units, `end` exclusive. */
export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly children: readonly XmlElement[];
  /** All text directly within, entities decoded. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Between its two tags; an element of one tag has none. */
  readonly content: { readonly start: number; readonly end: number } | null;
}

/** An element whose end has not been seen. */
interface OpenElement {
  readonly qualified: string;
  readonly children: XmlElement[];
  readonly texts: string[];
  readonly start: number;
  readonly contentStart: number;
}

/** A thousand rules with all that S3 allows in one are below. */
const MAX_ELEMENTS = 100_000;

const MAX_DEPTH = 32;

const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * Parses a storage's document so that it can be edited in place: libraries that parse XML do not tell where
 * an element ends, and writing anew what they made of it would change what is not ours. One pass; a document
 * type is refused, for entities are how XML attacks.
 * @throws ProblemError `storage-error` for what is not well-formed
 * @see https://www.w3.org/TR/xml/
 */
export function parseXml(source: string): XmlElement {
  const document: OpenElement = openElement("", 0, 0);
  const open: OpenElement[] = [document];
  let count = 0;
  for (let at = 0; at < source.length;) {
    const element = open.at(-1) ?? document;
    const mark = source.indexOf("<", at);
    addText(element, source.slice(at, mark < 0 ? source.length : mark));
    if (mark < 0) break;
    const { kind, end } = tokenAt(source, mark);
    at = end;
    if (kind === "ignored") continue;
    if (kind === "cdata") element.texts.push(source.slice(mark + 9, end - 3));
    else if (kind === "close") closeElement(open, source, mark, end);
    else {
      if (++count > MAX_ELEMENTS || open.length > MAX_DEPTH) throw fault("is too large");
      openTag(open, source, mark, end);
    }
  }
  const [root, second] = document.children;
  if (open.length !== 1 || root === undefined || second !== undefined) throw fault("is cut off");
  if (document.texts.some((text) => text.trim() !== "")) throw fault("has text around it");
  return root;
}

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** Trimmed text of the first child of that name. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim();
}

/** Trimmed texts of all children of that name. */
export function childTexts({ children }: XmlElement, name: string): string[] {
  return children.filter((candidate) => candidate.name === name).map(({ text }) => text.trim());
}

/** A whole number of at most nine digits in the first child of that name. */
export function childNumber(element: XmlElement | undefined, name: string): number | undefined {
  const text = childText(element, name) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** What an element says, without how it is written: equal texts, equal meaning. */
export function canonicalXml({ name, children, text }: XmlElement): string {
  const inner = children.map(canonicalXml).join("");
  return `<${name}>${escapeXml(children.length === 0 ? text.trim() : "")}${inner}</>`;
}

/** Text as it stands in an element. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

type TokenKind = "open" | "close" | "cdata" | "ignored";

/** What begins at a `<`, and where it ends. */
function tokenAt(source: string, at: number): { kind: TokenKind; end: number } {
  if (source.startsWith("<!--", at)) return { kind: "ignored", end: endOf(source, "-->", at + 4) };
  if (source.startsWith("<?", at)) return { kind: "ignored", end: endOf(source, "?>", at + 2) };
  if (source.startsWith("<![CDATA[", at)) {
    return { kind: "cdata", end: endOf(source, "]]>", at + 9) };
  }
  if (source.startsWith("<!", at)) throw fault("has a document type");
  if (source.startsWith("</", at)) return { kind: "close", end: endOf(source, ">", at + 2) };
  return { kind: "open", end: endOfTag(source, at) };
}

function endOf(source: string, text: string, from: number): number {
  const found = source.indexOf(text, from);
  if (found < 0) throw fault("is cut off");
  return found + text.length;
}

/** A `>` within quotes is part of a value. */
function endOfTag(source: string, from: number): number {
  const end = endOf(source, ">", from);
  const quote = /["']/.exec(source.slice(from, end));
  if (quote === null) return end;
  const marks = /["'>]/g;
  marks.lastIndex = from + quote.index;
  for (let found = marks.exec(source); found !== null; found = marks.exec(source)) {
    if (found[0] === ">") return marks.lastIndex;
    marks.lastIndex = endOf(source, found[0], marks.lastIndex);
  }
  throw fault("is cut off");
}

function openTag(open: OpenElement[], source: string, start: number, end: number): void {
  const isWhole = source[end - 2] === "/";
  const qualified = qualifiedName(source.slice(start + 1, end - (isWhole ? 2 : 1)));
  const element = openElement(qualified, start, end);
  if (isWhole) open.at(-1)?.children.push(closed(element, end, null));
  else open.push(element);
}

function closeElement(open: OpenElement[], source: string, mark: number, end: number): void {
  const element = open.pop();
  const parent = open.at(-1);
  const name = qualifiedName(source.slice(mark + 2, end - 1));
  if (element === undefined || parent === undefined || element.qualified !== name) {
    throw fault("has tags that do not match");
  }
  parent.children.push(closed(element, end, { start: element.contentStart, end: mark }));
}

function qualifiedName(tag: string): string {
  const name = /^[^\s"'=<>&/]+/.exec(tag)?.[0];
  if (name === undefined) throw fault("has a tag without a name");
  return name;
}

function openElement(qualified: string, start: number, contentStart: number): OpenElement {
  return { qualified, children: [], texts: [], start, contentStart };
}

function closed(
  { qualified, children, texts, start }: OpenElement,
  end: number,
  content: XmlElement["content"],
): XmlElement {
  const colon = qualified.indexOf(":");
  const name = qualified.slice(colon + 1);
  const prefix = colon < 0 ? "" : qualified.slice(0, colon + 1);
  return { name, prefix, children, text: texts.join(""), start, end, content };
}

function addText({ texts }: OpenElement, text: string): void {
  if (text !== "") texts.push(text.includes("&") ? decodeEntities(text) : text);
}

function decodeEntities(text: string): string {
  let decoded = "";
  let from = 0;
  for (let mark = text.indexOf("&"); mark >= 0; mark = text.indexOf("&", from)) {
    const [, entity = ""] = /^&([^;&\s]{1,12});/.exec(text.slice(mark, mark + 14)) ?? [];
    const character = NAMED.get(entity) ?? decodeNumeric(entity);
    if (character === undefined) throw fault("has an entity that XML does not know");
    decoded += text.slice(from, mark) + character;
    from = mark + entity.length + 2;
  }
  return decoded + text.slice(from);
}

function decodeNumeric(entity: string): string | undefined {
  const [, decimal, hex] = /^#(?:(\d+)|x([0-9a-f]+))$/i.exec(entity) ?? [];
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  const isScalar = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : undefined;
}

function fault(what: string): ProblemError {
  return new ProblemError("storage-error", `The storage's XML document ${what}.`);
}
