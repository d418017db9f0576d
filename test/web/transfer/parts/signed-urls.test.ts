import { describe, expect, it } from "vitest";
import { partsToSign, SignedUrls } from "../../../../web/transfer/parts/signed-urls.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("SignedUrls", () => {
  it("gives no URL out that ends within half a minute", () => {
    const urls = new SignedUrls();
    urls.add([{ partNumber: 1, url: "u" }], 100_000);
    expect(urls.get(1, 69_000)).toEqual(["u"]);
    expect(urls.get(1, 71_000)).toBeUndefined();
  });

  it("forgets a URL that is dropped and keeps the newest", () => {
    const urls = new SignedUrls();
    urls.add([{ partNumber: 1, url: "old" }], 100_000);
    urls.add([{ partNumber: 1, url: "new" }], 100_000);
    expect(urls.get(1, 0)).toEqual(["new"]);
    urls.drop(1);
    expect(urls.get(1, 0)).toBeUndefined();
  });
});

describe("what is signed with a URL", () => {
  it("comes with it: other origins, and the headers that the request has to carry", () => {
    const urls = new SignedUrls();
    const headers = { "x-amz-checksum-crc32": "AAAAAA==" };
    urls.add([{ partNumber: 2, url: "a", alternates: ["b"], headers }], 100_000);
    expect(urls.get(2, 0)).toEqual(["a", "b"]);
    expect(urls.headersOf(2)).toEqual(headers);
    expect(urls.headersOf(1)).toEqual({});
  });
});

describe("partsToSign", () => {
  const nobody = () => false;

  it("asks for nothing while enough parts can leave", () => {
    expect(partsToSign(upTo(100), (part) => part <= 60, nobody)).toEqual([]);
  });

  it("asks for everything that is missing when few are left", () => {
    expect(partsToSign(upTo(100), (part) => part <= 10, nobody)).toEqual(upTo(100).slice(10));
  });

  it("asks for nothing when every part left has its URL", () => {
    expect(partsToSign(upTo(3), () => true, nobody)).toEqual([]);
  });

  it("does not let a failed part wait for the next window", () => {
    const hasUrl = (part: number) => part !== 1;
    expect(partsToSign(upTo(100), hasUrl, nobody)).toEqual([]);
    expect(partsToSign(upTo(100), hasUrl, (part) => part === 1)).toEqual([1]);
  });
});
