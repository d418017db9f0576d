import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import {
  canonicalXml,
  child,
  childText,
  escapeXml,
  parseXml,
  type XmlElement,
} from "../../../../server/s3/bucket/xml-elements.ts";

const other = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  cdataPropName: "#cdata",
});

/** What another parser makes of a document, as `canonicalXml` writes it. */
function byOther(nodes: unknown): string {
  if (!Array.isArray(nodes)) throw new Error("No nodes");
  return nodes
    .map((node: Record<string, unknown>) => {
      const name = Object.keys(node).find((key) => key !== ":@") ?? "";
      if (name === "#text" || name === "#cdata") return "";
      const inner = node[name];
      const kids = byOther(inner);
      const text = Array.isArray(inner) && kids === "" ? inner.map(textOf).join("") : "";
      return `<${name}>${escapeXml(text.trim())}${kids}</>`;
    })
    .join("");
}

function textOf(node: Record<string, unknown>): string {
  const cdata = node["#cdata"];
  if (Array.isArray(cdata)) return cdata.map(textOf).join("");
  return String(node["#text"] ?? "");
}

const text = fc.oneof(
  fc.constantFrom("a", "x < y & z", "é 😀", "a\n b", "]", "1", "'\""),
  fc.string({ maxLength: 6 }).map((value) => value.replace(/[^\x20-\x7e]/g, "")),
);

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom("Rule", "Filter", "s3:And", "Prefix"),
      fc.constantFrom("", ' a="1"', " b='>/'", '\n c = "<" '),
      fc.oneof(
        { depthSize: "small", maxDepth: 4 },
        text.map(escapeXml),
        text.map((value) => `<![CDATA[${value.replaceAll("]", "")}]]>`),
        fc.constant("<!-- <Rule> -->"),
        fc.array(tie("element"), { maxLength: 3 }).map((all) => all.join("\n  ")),
      ),
    )
    .map(([name, attributes, inner]) =>
      inner === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`,
    ),
}));

function everyElement(root: XmlElement): XmlElement[] {
  return [root, ...root.children.flatMap(everyElement)];
}

describe("parseXml", () => {
  it("reads what another parser reads", () => {
    fc.assert(
      fc.property(element, (inner) => {
        const source = `<?xml version="1.0"?>\n<Root xmlns="n">${inner}</Root>\n<!-- end -->`;
        expect(canonicalXml(parseXml(source))).toBe(byOther(other.parse(source)));
      }),
      { numRuns: 300 },
    );
  });

  it("knows where every element stands", () => {
    fc.assert(
      fc.property(element, (inner) => {
        const source = `<Root>${inner}</Root>`;
        for (const { start, end, name, prefix, content } of everyElement(parseXml(source))) {
          const own = source.slice(start, end);
          expect(own.startsWith(`<${prefix}${name}`)).toBe(true);
          expect(own.endsWith(content ? `</${prefix}${name}>` : "/>")).toBe(true);
          if (content) expect(source[content.start - 1]).toBe(">");
        }
      }),
      { numRuns: 300 },
    );
  });

  it("decodes the entities of XML", () => {
    const root = parseXml("<a><b>&lt;&amp;&#233;&#x1F600;</b></a>");
    expect(childText(root, "b")).toBe("<&é😀");
    expect(child(root, "c")).toBeUndefined();
  });

  it.each([
    ["a document type", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ["an entity of its own", "<a>&lol;</a>"],
    ["an entity with the name of a property", "<a>&toString;</a>"],
    ["a lone ampersand", "<a>b & c</a>"],
    ["a reference to no character", "<a>&#x110000;</a>"],
    ["crossed tags", "<a><b></a></b>"],
    ["a missing end", "<a><b>"],
    ["an end too many", "<a></a></a>"],
    ["two roots", "<a/><b/>"],
    ["text around the root", "<a/>b"],
    ["an open quote", '<a b="></a>'],
    ["an open comment", "<a><!-- </a>"],
    ["nothing", ""],
    ["no XML", "not found"],
    ["JSON", '{"a": "<"}'],
  ])("refuses %s", (_, source) => {
    expect(() => parseXml(source)).toThrow(/^The storage's XML document /);
  });

  const half = 1 << 19;
  it.each([
    ["tags that are opened", "<a>".repeat(half / 2)],
    ["tags that are closed", "</a>".repeat(half / 2)],
    ["quotes", `<a ${'"'.repeat(half * 2 + 1)}`],
    ["elements", `<a>${"<b/>".repeat(half / 2)}</a>`],
    ["ampersands", `<a>${"&".repeat(half * 2)}</a>`],
    ["half comments", "<!-".repeat(half)],
    ["half sections", `<a>${"<![CDATA[".repeat(half / 4)}`],
    ["white space", `<a${" ".repeat(half * 2)}`],
    ["digits", `<a>&#${"9".repeat(half * 2)};</a>`],
  ])("gives up soon on a mebibyte of %s", (_, source) => {
    const start = performance.now();
    expect(() => parseXml(source)).toThrow("The storage's XML document");
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("reads a document as large as S3's largest within a second", () => {
    const rule =
      "<Rule><ID>x</ID><Filter><And><Prefix>p</Prefix>" +
      `${"<Tag><Key>k</Key><Value>v</Value></Tag>".repeat(10)}</And></Filter></Rule>`;
    const start = performance.now();
    expect(parseXml(`<L>${rule.repeat(1000)}</L>`).children).toHaveLength(1000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
