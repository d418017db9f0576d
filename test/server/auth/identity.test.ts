import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LOCAL_IDENTITY,
  requireAllowedFile,
  requireAllowedKey,
  requireScope,
  type Identity,
} from "../../../server/auth/index.ts";

const limited: Identity = {
  subject: "ada",
  scopes: new Set(["upload"]),
  prefix: "users/ada/",
  maxBytes: 100,
  contentTypes: ["image/*", "application/pdf"],
};
const forbidden = expect.objectContaining({ code: "forbidden" });

describe("a grant's limits", () => {
  it("allow what they name", () => {
    requireScope(limited, "upload");
    requireAllowedFile(limited, { sizeBytes: 100, contentType: "image/png" });
    requireAllowedFile(limited, { sizeBytes: 0, contentType: "Application/PDF; x=1" });
    requireAllowedFile(limited, { sizeBytes: null, contentType: "image/png" });
    requireAllowedKey(limited, "users/ada/a.png");
  });

  it("refuse another scope, but admins have all", () => {
    expect(() => requireScope(limited, "download")).toThrow(forbidden);
    requireScope({ ...limited, scopes: new Set(["admin"]) }, "download");
  });

  it("refuse one byte more", () => {
    const file = { sizeBytes: 101, contentType: "image/png" };
    expect(() => requireAllowedFile(limited, file)).toThrow(forbidden);
  });

  it.each(["text/html", "imagery/png", "", undefined])("refuse the type %j", (contentType) => {
    expect(() => requireAllowedFile(limited, { sizeBytes: 1, contentType })).toThrow(forbidden);
  });

  it.each([
    "users/adam/a.png",
    "users/ada",
    "users/ada/../eve/a.png",
    "users/ada/..",
    "users/ada/./../../a",
    "users/ada/..\\..\\eve",
    "Users/Ada/a.png",
    "users/ada%2fa.png",
    "users%2Fada%2Fa.png",
    "/users/ada/a.png",
    "users//ada/a.png",
    "",
  ])("refuse the key %j, which only looks like one of the prefix", (key) => {
    expect(() => requireAllowedKey(limited, key)).toThrow(forbidden);
  });

  it("refuse the server's own keys to everybody", () => {
    const everybody = [limited, LOCAL_IDENTITY, { ...limited, prefix: ".sluice/" }];
    for (const identity of everybody) {
      for (const key of [".sluice/uploads/61", "a/../.sluice/x"]) {
        expect(() => requireAllowedKey(identity, key)).toThrow(forbidden);
      }
    }
  });

  it("make nobody admin of the bucket who has a prefix", () => {
    const scopes = new Set(["admin"] as const);
    expect(() => requireScope({ ...limited, scopes }, "admin")).toThrow(
      /start with "users\/ada\/"/,
    );
    expect(() => requireScope(limited, "admin")).toThrow(/lacks the scope "admin"/);
    requireScope({ ...limited, scopes }, "query");
    requireScope({ ...limited, scopes, prefix: "" }, "admin");
  });

  it("do not exist in local mode", () => {
    requireAllowedFile(LOCAL_IDENTITY, { sizeBytes: Number.MAX_SAFE_INTEGER });
    requireAllowedKey(LOCAL_IDENTITY, "anything");
  });

  it("hold whatever a URL parser or a file system makes of an allowed key", () => {
    const pieces = ["/", ".", "..", "\\", "%2e", "%2f", "users", "ada", "Ada", ".sluice", "a", " "];
    const keys = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(""));
    const rest = fc.tuple(fc.constantFrom("", "users/ada/"), keys).map((both) => both.join(""));
    fc.assert(
      fc.property(rest, fc.constantFrom("users/ada/", ""), (key, prefix) => {
        if (!isAllowed({ ...limited, prefix }, key)) return;
        const path = key.split("/").map(encodeURIComponent).join("/");
        const parsed = decodeURIComponent(new URL(`http://h/${path}`).pathname.slice(1));
        const walked = posix.normalize(`/${key.replaceAll("\\", "/")}`).slice(1);
        for (const resolved of [parsed, walked]) {
          expect(resolved.startsWith(prefix)).toBe(true);
          expect(resolved.replace(/^\/+/, "").startsWith(".sluice/")).toBe(false);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

function isAllowed(identity: Identity, key: string): boolean {
  try {
    requireAllowedKey(identity, key);
    return true;
  } catch {
    return false;
  }
}
