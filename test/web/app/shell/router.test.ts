import { describe, expect, test } from "vitest";
import { innerTarget, matchRoute } from "../../../../web/app/shell/router.ts";

const ROUTES = [{ path: "/" }, { path: "/files" }];
const HERE = "https://sluice.example/files";
const CLICK = { button: 0, modified: false, href: "/", target: "", download: false };

describe("matchRoute", () => {
  test.each([
    ["/", "/"],
    ["/files", "/files"],
    ["/files/", "/files"],
    ["", "/"],
  ])("%s leads to %s", (path, route) => {
    expect(matchRoute(ROUTES, path)?.path).toBe(route);
  });

  test("knows what it does not know", () => {
    expect(matchRoute(ROUTES, "/files/extra")).toBeUndefined();
    expect(matchRoute(ROUTES, "/Files")).toBeUndefined();
  });
});

describe("innerTarget", () => {
  test("keeps a plain click on a known page inside, query included", () => {
    expect(innerTarget(ROUTES, { ...CLICK, href: "/?from=here" }, HERE)).toBe("/?from=here");
  });

  test.each([
    ["the API's document", { href: "/docs" }],
    ["another origin", { href: "https://example.org/" }],
    ["a new tab", { target: "_blank" }],
    ["a click with Ctrl", { modified: true }],
    ["the middle button", { button: 1 }],
    ["a download", { download: true }],
    ["a fragment of the same page", { href: "/files#main" }],
    ["a mail address", { href: "mailto:ops@example.org" }],
  ])("leaves %s to the browser", (_, changed) => {
    expect(innerTarget(ROUTES, { ...CLICK, ...changed }, HERE)).toBeNull();
  });
});
