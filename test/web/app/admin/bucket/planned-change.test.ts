import { describe, expect, test } from "vitest";
import type { CorsResponse } from "../../../../../shared/admin-api.ts";
import { changeOf, sitesOf } from "../../../../../web/app/admin/bucket/planned-change.ts";

const RULE = {
  allowedOrigins: ["https://old.example"],
  allowedMethods: ["PUT"],
  allowedHeaders: ["*"],
  exposeHeaders: ["ETag"],
};
const CORS: CorsResponse = {
  supported: true,
  rules: [
    { ...RULE, ours: true },
    { ...RULE, allowedOrigins: ["https://other.example"], ours: false },
  ],
  origins: [{ origin: "https://app.example", lacks: ["No rule lets this site in."] }],
  proposal: { ...RULE, ours: true },
};

const action = (path: string, body?: Record<string, unknown>, method: "PUT" | "POST" = "PUT") => ({
  label: "Do it",
  method,
  path,
  ...(body && { body }),
});

describe("a remedy", () => {
  test("that sets the lifecycle rule has its days", () => {
    const asked = action("/api/admin/bucket/lifecycle", { abortIncompleteAfterDays: 7 });
    expect(changeOf(asked, null)).toEqual({ kind: "set-abort-rule", days: 7 });
  });

  test("that sets the CORS rule keeps the sites that our rule lets in already", () => {
    expect(sitesOf(CORS)).toEqual(["https://app.example", "https://old.example"]);
    expect(changeOf(action("/api/admin/bucket/cors"), CORS)).toEqual({
      kind: "set-cors",
      origins: ["https://app.example", "https://old.example"],
    });
  });

  test("that this page does not know is shown as the request that it is", () => {
    const unknown = [
      action("/api/admin/bucket/lifecycle", { abortIncompleteAfterDays: 0 }),
      action("/api/admin/bucket/lifecycle", { abortIncompleteAfterDays: 7 }, "POST"),
      action("/api/admin/bucket/versioning", { status: "Enabled" }),
    ];
    for (const one of unknown) expect(changeOf(one, CORS)).toEqual({ kind: "other", action: one });
    const cors = action("/api/admin/bucket/cors");
    expect(changeOf(cors, null)).toEqual({ kind: "other", action: cors });
  });
});
