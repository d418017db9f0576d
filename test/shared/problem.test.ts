import { describe, expect, it } from "vitest";
import { isProblemCode, ProblemError } from "../../shared/problem.ts";

describe("problems", () => {
  it("tells codes of the table from other words, also from what every object has", () => {
    expect(isProblemCode("upload-gone")).toBe(true);
    expect(isProblemCode("toString")).toBe(false);
  });

  it("keeps cause and the storage's own code", () => {
    const cause = new Error("why");
    const error = new ProblemError("storage-busy", "Wait.", { cause, s3Code: "SlowDown" });
    expect(error).toMatchObject({ message: "Wait.", cause, s3Code: "SlowDown" });
  });
});
