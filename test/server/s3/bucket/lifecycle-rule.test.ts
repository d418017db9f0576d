import { describe, expect, it } from "vitest";
import { abortsEverywhereAfter, readRule } from "../../../../server/s3/bucket/lifecycle-rule.ts";
import { parseXml } from "../../../../server/s3/bucket/xml-elements.ts";

const rule = (inner: string) => parseXml(`<Rule>${inner}</Rule>`);
const does = (inner: string) => readRule(rule(inner)).does;

describe("readRule", () => {
  it("reads a rule with an action of every kind", () => {
    const read = readRule(
      rule(`
        <ID>all of it</ID>
        <Filter><And><Prefix>logs/ </Prefix>
          <Tag><Key>team</Key><Value>films</Value></Tag>
          <ObjectSizeGreaterThan>1024</ObjectSizeGreaterThan>
          <ObjectSizeLessThan>4096</ObjectSizeLessThan></And></Filter>
        <Status>Enabled</Status>
        <Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>
        <Transition><Date>2027-01-01T00:00:00Z</Date><StorageClass>GLACIER</StorageClass></Transition>
        <Expiration><Days>1</Days></Expiration>
        <NoncurrentVersionTransition><NoncurrentDays>7</NoncurrentDays>
          <NewerNoncurrentVersions>3</NewerNoncurrentVersions>
          <StorageClass>GLACIER_IR</StorageClass></NoncurrentVersionTransition>
        <NoncurrentVersionExpiration><NoncurrentDays>90</NoncurrentDays>
          <NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>
        <AbortIncompleteMultipartUpload><DaysAfterInitiation>3</DaysAfterInitiation></AbortIncompleteMultipartUpload>`),
    );
    expect(read).toEqual({
      id: "all of it",
      enabled: true,
      prefix: "logs/ ",
      does: [
        "moves objects to STANDARD_IA after 30 days",
        "moves objects to GLACIER on 2027-01-01",
        "expires objects after 1 day",
        "moves older versions to GLACIER_IR after 7 days, but keeps the newest 3 of them",
        "deletes older versions after 90 days, but keeps the newest of them",
        "ends incomplete uploads after 3 days",
        "only objects with the tag team=films",
        "only objects of more than 1024 bytes",
        "only objects of less than 4096 bytes",
      ],
      abortIncompleteAfterDays: 3,
      ours: false,
    });
  });

  it("reads the old form, and knows ours by its name", () => {
    expect(
      readRule(rule("<ID>sluice-app</ID><Prefix>tmp/</Prefix><Status>Disabled</Status>")),
    ).toEqual({ id: "sluice-app", enabled: false, prefix: "tmp/", does: [], ours: true });
  });

  it("says of delete markers what becomes of them", () => {
    const marker = (value: boolean) =>
      does(
        `<Expiration><ExpiredObjectDeleteMarker>${value}</ExpiredObjectDeleteMarker></Expiration>`,
      );
    expect(marker(true)).toEqual(["removes delete markers that have no older version left"]);
    expect(marker(false)).toEqual([]);
  });

  it("says so of what it does not know", () => {
    expect(does("<Evaporation><Days>3</Days></Evaporation>")).toEqual([
      "does something that this page does not know (Evaporation)",
    ]);
    expect(does("<Filter><Colour>red</Colour></Filter>")).toEqual([
      "only under a condition that this page does not know (Colour)",
    ]);
    expect(does("<toString/>")).toHaveLength(1);
  });

  it("keeps what is long short", () => {
    const [line = ""] = does(
      `<Transition><StorageClass>${"X".repeat(1e5)}</StorageClass></Transition>`,
    );
    expect(line.length).toBeLessThan(300);
  });
});

describe("abortsEverywhereAfter", () => {
  const abort = (days: string) =>
    `<AbortIncompleteMultipartUpload><DaysAfterInitiation>${days}</DaysAfterInitiation></AbortIncompleteMultipartUpload>`;
  const after = (scope: string, status = "Enabled", days = "5") =>
    abortsEverywhereAfter(rule(`${scope}<Status>${status}</Status>${abort(days)}`));

  it.each(["<Filter/>", "<Filter><Prefix/></Filter>", "<Prefix></Prefix>"])(
    "is what a rule of the whole bucket says: %s",
    (scope) => expect(after(scope)).toBe(5),
  );

  it.each([
    ["<Filter><Prefix>a/</Prefix></Filter>"],
    ["<Prefix> </Prefix>"],
    ["<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>"],
    ["<Filter><And><Prefix/><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter>"],
    ["<Filter/>", "Disabled"],
    ["<Filter/>", "Enabled", "soon"],
  ])("is nothing for %s %s %s", (scope, status?: string, days?: string) =>
    expect(after(scope, status, days)).toBeNull(),
  );
});
