import { describe, expect, test } from "vitest";
import { readResumeLink } from "../../../../web/app/resume/resume-link.ts";

describe("readResumeLink", () => {
  test("reads what the server put into the address", () => {
    expect(readResumeLink("?resume=ab.cd&name=my+film%26.mp4&modified=1700000000000")).toEqual({
      sessionId: "ab.cd",
      name: "my film&.mp4",
      lastModified: 1_700_000_000_000,
    });
  });

  test("is silent where the address asks for nothing, and bears nonsense", () => {
    expect(readResumeLink("")).toBeNull();
    expect(readResumeLink("?resume=")).toBeNull();
    expect(readResumeLink("?resume=a&modified=soon")).toEqual({
      sessionId: "a",
      name: "",
      lastModified: 0,
    });
  });
});
