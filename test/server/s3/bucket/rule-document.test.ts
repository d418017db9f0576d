import { describe, expect, it } from "vitest";
import { isOurRule, ourRule } from "../../../../server/s3/bucket/lifecycle-rule.ts";
import {
  othersOf,
  parseRules,
  withoutRule,
  withRule,
} from "../../../../server/s3/bucket/rule-document.ts";

const NAMES = { root: "LifecycleConfiguration", rule: "Rule" } as const;
const OURS = "<ID>sluice-app</ID><Status>Enabled</Status>";

const A = "<Rule>\n    <ID>a</ID><!-- kept --><New x='1'/></Rule>";
const B = "<Rule><ID>b</ID><Prefix>&amp;&#x41;</Prefix></Rule>";
const around = (inner: string) =>
  `<?xml version="1.0"?>\r\n<LifecycleConfiguration xmlns="urn:n" y='>'>\n${inner}\n</LifecycleConfiguration>\n`;

const add = (source: string, position: "first" | "last" = "last", content = OURS) =>
  withRule(parseRules(source, NAMES), NAMES, content, isOurRule, position);
const remove = (source: string) => withoutRule(parseRules(source, NAMES), isOurRule);

describe("our rule in a document", () => {
  it("comes behind the others, which stay byte for byte", () => {
    expect(add(around(`${A}\n${B}`))).toBe(
      around(`${A}\n${B}\n<Rule>${OURS}</Rule>`).replace(/\n(<\/L.*\n)$/, "$1"),
    );
  });

  it("takes the place of the one that was there", () => {
    const old = "<Rule>  <ID> sluice-app </ID><Status>Disabled</Status></Rule>";
    expect(add(around(`${A} ${old} ${B}`))).toBe(around(`${A} <Rule>${OURS}</Rule> ${B}`));
  });

  it("moves to the front where order counts", () => {
    const old = "<Rule><ID>sluice-app</ID></Rule>";
    expect(add(around(`${A}${old}${B}`), "first")).toBe(around(`<Rule>${OURS}</Rule>${A}${B}`));
    expect(add(around(`${old}${A}`), "first")).toBe(around(`<Rule>${OURS}</Rule>${A}`));
  });

  it("is there once, however often it stood there before", () => {
    const old = "<Rule><ID>sluice-app</ID></Rule>";
    expect(add(around(`${old}${A}${old}`))).toBe(around(`<Rule>${OURS}</Rule>${A}`));
  });

  it("goes again, and leaves what it found", () => {
    const before = around(`${A}\n  ${B}`);
    expect(remove(add(before))).toBe(before);
    expect(remove(add(before, "first"))).toBe(before);
  });

  it("takes the document with it where it was the only one", () => {
    expect(remove(around(`<Rule>${OURS}</Rule>`))).toBeNull();
  });

  it("is written with the prefix of a document that has one", () => {
    const source = '<n:LifecycleConfiguration xmlns:n="u"><n:Rule/></n:LifecycleConfiguration>';
    expect(add(source)).toBe(
      '<n:LifecycleConfiguration xmlns:n="u"><n:Rule/><n:Rule><n:ID>sluice-app</n:ID>' +
        "<n:Status>Enabled</n:Status></n:Rule></n:LifecycleConfiguration>",
    );
  });

  it("opens a document that was closed at once, and makes one where there is none", () => {
    const rule = `<Rule>${OURS}</Rule>`;
    expect(add('<LifecycleConfiguration a="1" />')).toBe(
      `<LifecycleConfiguration a="1">${rule}</LifecycleConfiguration>`,
    );
    expect(withRule(null, NAMES, OURS, isOurRule, "last")).toBe(
      `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rule}</LifecycleConfiguration>`,
    );
  });

  it("takes no longer however much white space a document holds", () => {
    const space = " ".repeat(1_000_000);
    const source = `<LifecycleConfiguration a="${space}x"${space}/>`;
    const beganMs = performance.now();
    expect(add(source)).toContain(`x"><Rule>${OURS}</Rule>`);
    expect(performance.now() - beganMs).toBeLessThan(2000);
  });

  it("is not looked for in another document", () => {
    expect(() => add("<ListBucketResult/>")).toThrow(
      'The storage answered "ListBucketResult" instead of LifecycleConfiguration.',
    );
  });

  it("has the form of the others: S3 refuses documents that mix the two", () => {
    const formFor = (...rules: string[]) =>
      ourRule(7, parseRules(around(rules.join("")), NAMES).rules);
    expect(formFor(B)).toContain("</ID><Prefix></Prefix><Status>");
    expect(formFor()).toContain("<Filter><Prefix></Prefix></Filter>");
    expect(formFor("<Rule><Filter/></Rule>", B)).toContain("<Filter><Prefix></Prefix></Filter>");
  });
});

describe("othersOf", () => {
  const others = (inner: string) => othersOf(parseRules(around(inner), NAMES), isOurRule);

  it("is the same whatever the order, the space and the tags' form", () => {
    const b = "<Rule> <ID>b</ID>\n<Prefix><![CDATA[&A]]></Prefix></Rule>";
    const a = "<Rule><ID>a</ID><New></New></Rule>";
    expect(others(`${b}<Rule>${OURS}</Rule>${a}`)).toBe(others(`${A}${B}`));
  });

  it("differs where anything else does", () => {
    expect(others(`${A}${B.replace("#x41", "#x42")}`)).not.toBe(others(`${A}${B}`));
    expect(others(A)).not.toBe(others(`${A}${A}`));
    expect(othersOf(null, isOurRule)).toBe("");
  });
});
