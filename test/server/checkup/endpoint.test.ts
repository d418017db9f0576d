import { describe, expect, it } from "vitest";
import {
  judgeClock,
  judgeEndpoint,
  type Greeting,
} from "../../../server/checkup/checks/endpoint.ts";
import type { Circumstances } from "../../../server/checkup/examination.ts";

const HERE: Circumstances = {
  kind: "s3",
  bucket: "films",
  endpoint: "https://s3.example",
  region: "us-east-1",
  equalParts: null,
  sites: [],
};

const answered = (skewMs: number | null): Greeting => ({ isAnswered: true, status: 403, skewMs });

function unanswered(code: string): Greeting {
  const cause = Object.assign(new Error(`said ${code}`), { code });
  return { isAnswered: false, error: new TypeError("fetch failed", { cause }) };
}

describe("the storage's clock", () => {
  it.each([
    [0, "pass"],
    [30_000, "pass"],
    [-30_001, "warn"],
    [899_999, "warn"],
    [900_000, "fail"],
    [-3_600_000, "fail"],
  ])("that is %i ms ahead is %s", (skewMs, status) => {
    expect(judgeClock(answered(skewMs)).status).toBe(status);
  });

  it("says which of the two is ahead", () => {
    expect(judgeClock(answered(-60_000)).detail).toContain("60 s ahead of the storage's");
    expect(judgeClock(answered(60_000)).detail).toContain("60 s behind the storage's");
  });

  it("is not judged where the storage names no time, or does not answer", () => {
    expect(judgeClock(answered(null)).status).toBe("unsupported");
    expect(judgeClock(unanswered("ECONNREFUSED")).detail).toMatch(/^Not tried/);
  });
});

describe("the storage", () => {
  it.each([
    ["ENOTFOUND", "cannot be resolved"],
    ["ECONNREFUSED", "Nothing listens there"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "NODE_EXTRA_CA_CERTS"],
    ["ETIMEDOUT", "s3.example"],
  ])("that cannot be reached by %s gets its own advice", (code, advice) => {
    const { status, detail, remedy } = judgeEndpoint(
      unanswered(code),
      "https://s3.example/films",
      HERE,
    );
    expect(status).toBe("fail");
    expect(detail).toContain(`said ${code}`);
    expect(remedy?.text).toContain(advice);
  });

  it("answers where it refuses", () => {
    expect(judgeEndpoint(answered(0), "https://s3.example/films", HERE).status).toBe("pass");
  });
});
