const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** What an element holds: text, elements, or nothing (`undefined` leaves the element out). */
export type XmlContent = string | number | boolean | readonly XmlNode[] | undefined;

/** An element: name, content, attributes. */
export type XmlNode = readonly [
  name: string,
  content: XmlContent,
  attributes?: Readonly<Record<string, string>>,
];

/** A whole document in S3's namespace. */
export function writeXml(name: string, content: XmlContent): string {
  return `${XML_DECLARATION}${writeNode([name, content ?? "", { xmlns: NAMESPACE }])}`;
}

/** The first line of every document. */
const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document without a namespace, as S3 writes errors. */
export function writePlainXml(name: string, content: XmlContent): string {
  return `${XML_DECLARATION}${writeNode([name, content ?? ""])}`;
}

function writeNode([name, content, attributes = {}]: XmlNode): string {
  if (content === undefined) return "";
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  const open = `${name}${written.join("")}`;
  const inner = Array.isArray(content) ? content.map(writeNode).join("") : escape(String(content));
  return inner === "" ? `<${open}/>` : `<${open}>${inner}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

// Control characters are legal in keys and not in XML 1.0; S3 writes them as references all the same.
function escape(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- exactly these are meant
    /[&<>"\x00-\x08\x0b-\x1f\x0d\x7f\ufffe\uffff]/g,
    (character) => ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

/** `text` without what XML 1.0 cannot hold, not even as references: for documents that must always parse. */
export function replaceIllegal(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these are meant
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}
