import { array, assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { childText, parseXml } from "../../../../server/store/http/xml/parse.ts";
import { replaceIllegal, writeXml } from "../../../../server/store/http/xml/write.ts";

const keysOf = (xml: string): string[] => parseXml(xml, "Root").children.map(({ text }) => text);

describe("reading", () => {
  test("what was written is read again, whatever the text", () => {
    assert(
      property(array(string({ unit: "binary", maxLength: 20 }), { maxLength: 5 }), (texts) => {
        const wellFormed = texts.map((text) => Buffer.from(text).toString());
        const xml = writeXml(
          "Root",
          wellFormed.map((text) => ["Key", text] as const),
        );
        expect(keysOf(xml)).toEqual(wellFormed);
      }),
    );
  });

  test("entities, CDATA, comments, prefixes and white space", () => {
    const xml =
      '<?xml version="1.0"?>\n<s:Root xmlns:s="x">\n <s:Key>a &amp;&lt;&#65;&#x1F600;</s:Key>' +
      "<!-- no --><Key><![CDATA[<&amp;>]]></Key>\n <Key> b </Key><Key/></s:Root>";
    expect(keysOf(xml)).toEqual(["a &<A😀", "<&amp;>", " b ", ""]);
  });

  test.each([
    ["nothing", ""],
    ["text alone", "hello"],
    ["another root", "<Other/>"],
    ["two roots", "<Root/><Root/>"],
    ["an open element", "<Root><Key></Root>"],
    ["an unclosed root", "<Root>"],
    ["an unknown entity", "<Root>&nbsp;</Root>"],
    ["a bare ampersand", "<Root>a & b</Root>"],
    ["a surrogate", "<Root>&#xD800;</Root>"],
    ["a document type", '<!DOCTYPE Root [<!ENTITY a "b">]><Root>&a;</Root>'],
    ["an external entity", '<!doctype Root SYSTEM "file:///etc/passwd"><Root/>'],
    ["nesting without end", "<Root>".repeat(2000) + "</Root>".repeat(2000)],
  ])("refuses %s", (_, xml) => {
    expect(() => parseXml(xml, "Root")).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });

  test("names of JavaScript's own objects mean nothing", () => {
    const root = parseXml("<Root><a>b</a></Root>", "Root");
    expect(childText(root, "constructor")).toBeUndefined();
    expect(() => parseXml("<Root><__proto__>a</__proto__></Root>", "Root")).toThrow(
      expect.objectContaining({ code: "MalformedXML" }),
    );
  });
});

test("what XML 1.0 cannot hold is replaced where a document must always parse", () => {
  expect(replaceIllegal("a\u0001b\tc\uffff")).toBe("a\ufffdb\tc\ufffd");
});
