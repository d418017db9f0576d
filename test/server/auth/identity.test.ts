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

  it("refuse a key outside the prefix", () => {
    expect(() => requireAllowedKey(limited, "users/adam/a.png")).toThrow(forbidden);
  });

  it("do not exist in local mode", () => {
    requireAllowedFile(LOCAL_IDENTITY, { sizeBytes: Number.MAX_SAFE_INTEGER });
    requireAllowedKey(LOCAL_IDENTITY, "anything");
  });
});
