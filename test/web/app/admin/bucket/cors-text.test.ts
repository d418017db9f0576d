import { describe, expect, test } from "vitest";
import type { CorsRule } from "../../../../../shared/admin-api.ts";
import {
  corsDocument,
  readOrigins,
  ruleSentences,
} from "../../../../../web/app/admin/bucket/cors/cors-text.ts";

const OURS: CorsRule = {
  id: "sluice-app",
  allowedOrigins: ["https://app.example"],
  allowedMethods: ["PUT", "GET"],
  allowedHeaders: ["range", "x-amz-*"],
  exposeHeaders: ["ETag"],
  maxAgeSeconds: 7200,
  ours: true,
};
const OPEN: CorsRule = {
  allowedOrigins: ["*"],
  allowedMethods: ["GET"],
  allowedHeaders: ["*"],
  exposeHeaders: [],
  ours: false,
};

describe("CORS rules", () => {
  test("are said in words", () => {
    expect(ruleSentences(OURS)).toEqual([
      "https://app.example may send PUT, GET.",
      "With the headers range, x-amz-*.",
      "Pages read ETag of the answers.",
      "Browsers ask again after 2 h.",
    ]);
    expect(ruleSentences(OPEN)[0]).toBe("Any site may send GET.");
    expect(ruleSentences(OPEN)[1]).toBe("With any header.");
  });

  test("are copied whole, ours in front and once", () => {
    const { CORSRules } = corsDocument(OURS, [OPEN, { ...OURS, maxAgeSeconds: 1 }]);
    expect(CORSRules.map(({ AllowedOrigins }) => AllowedOrigins)).toEqual([
      ["https://app.example"],
      ["*"],
    ]);
    expect(CORSRules[0]).toMatchObject({ ID: "sluice-app", MaxAgeSeconds: 7200 });
    expect(CORSRules[1]).not.toHaveProperty("ID");
  });
});

describe("sites that a person wrote", () => {
  test("are taken one a line or with commas, once each, without the slash of an address bar", () => {
    expect(readOrigins(" https://a.example/\nhttps://b.example, https://a.example")).toEqual({
      origins: ["https://a.example", "https://b.example"],
      wrong: [],
    });
    expect(readOrigins("https://*.example.com http://127.0.0.1:8080").wrong).toEqual([]);
  });

  test.each([
    "app.example",
    "https://a.example/path",
    "*",
    "ftp://a.example",
    "https://*.*.example",
  ])("are no origin: %s", (word) => {
    expect(readOrigins(`https://a.example ${word}`)).toEqual({
      origins: ["https://a.example"],
      wrong: [word],
    });
  });
});
