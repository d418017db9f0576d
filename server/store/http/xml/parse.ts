import { XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "../../s3-error.ts";

/** An element without its attributes; names without their namespace prefix. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** All text directly within, entities decoded. */
  readonly text: string;
}

const TEXT = "#text";
const CDATA = "#cdata";
const ATTRIBUTES = ":@";
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  // Entities are decoded here: the five of XML and numbers, and nothing a document might define.
  processEntities: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 16,
});

/**
 * Parses a request body whose root is one of `rootNames`.
 * @throws MalformedXML; a document type is refused as such, for entities are how XML attacks
 */
export function parseXml(text: string, ...rootNames: readonly string[]): XmlElement {
  const source = text.replace(/^\uFEFF/, "");
  if (/<!DOCTYPE|<!ENTITY/i.test(source)) throw malformed();
  const roots = toElements(parseNodes(source));
  const [root] = roots;
  if (!root || roots.length !== 1 || !rootNames.includes(root.name)) throw malformed();
  return root;
}

/** The first child of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

/** All children of that name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** Text of the first child of that name, as it stands. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

/** Text of the first child of that name. @throws MalformedXML where there is none */
export function requiredText(element: XmlElement, name: string): string {
  const text = childText(element, name);
  if (text === undefined) throw malformed();
  return text;
}

/** A whole number of 0 or more in the first child of that name. @throws MalformedXML where it is none */
export function childNumber(element: XmlElement, name: string): number | undefined {
  const text = childText(element, name)?.trim();
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(number)) throw malformed();
  return number;
}

/** The error of every document that is not what its operation expects. */
export function malformed(message?: string): S3Error {
  return new S3Error("MalformedXML", message === undefined ? {} : { message });
}

function parseNodes(source: string): unknown {
  try {
    if (XMLValidator.validate(source) !== true) throw malformed();
    return parser.parse(source);
  } catch (cause) {
    throw new S3Error("MalformedXML", { cause });
  }
}

function toElements(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) throw malformed();
  return nodes.flatMap((node: unknown) => {
    const name = nameOf(node);
    return name === undefined ? [] : [toElement(name, contentOf(node, name))];
  });
}

function toElement(name: string, nodes: readonly unknown[]): XmlElement {
  return { name, children: toElements(nodes), text: nodes.map(textOf).join("") };
}

function nameOf(node: unknown): string | undefined {
  if (typeof node !== "object" || node === null) return undefined;
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
  return name === TEXT || name === CDATA || name?.startsWith("?") ? undefined : name;
}

function contentOf(node: unknown, name: string): readonly unknown[] {
  const content: unknown = typeof node === "object" && node !== null && Reflect.get(node, name);
  return Array.isArray(content) ? content : [];
}

function textOf(node: unknown): string {
  if (typeof node !== "object" || node === null) return "";
  if (TEXT in node && typeof node[TEXT] === "string") return decodeEntities(node[TEXT]);
  if (!(CDATA in node)) return "";
  return contentOf(node, CDATA)
    .map((inner) =>
      typeof inner === "object" && inner !== null && TEXT in inner ? String(inner[TEXT]) : "",
    )
    .join("");
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&([^;&\s]{0,12});|&/g, (_, entity: string | undefined) => {
    const decoded = entity === undefined ? undefined : (NAMED[entity] ?? decodeNumeric(entity));
    if (decoded === undefined) throw malformed();
    return decoded;
  });
}

function decodeNumeric(entity: string): string | undefined {
  const [, decimal, hex] = /^#(?:(\d+)|x([0-9a-f]+))$/i.exec(entity) ?? [];
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  const isScalar = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isScalar ? String.fromCodePoint(code) : undefined;
}
