import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPageRoutes, inlineScriptHashes } from "../../../server/routes/page.ts";

const SCRIPT = 'document.documentElement.dataset.theme = "dark";';
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "sluice-page-"));
  mkdirSync(join(dir, "assets"));
  writeFileSync(join(dir, "secret.txt"), "beside");
  mkdirSync(join(dir, "web", "assets"), { recursive: true });
  writeFileSync(
    join(dir, "web", "index.html"),
    `<!doctype html><script>${SCRIPT}</script><script type="module" src="/assets/a-1.js"></script>`,
  );
  writeFileSync(join(dir, "web", "assets", "a-1.js"), "export {};");
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ask(path: string, accept = "text/html,*/*", method = "GET") {
  return createPageRoutes(join(dir, "web")).request(`http://localhost${path}`, {
    method,
    headers: { accept },
  });
}

describe("the built page", () => {
  it.each(["/", "/index.html", "/files", "/admin/uploads"])(
    "answers %s, never cached",
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(await response.text()).toContain("a-1.js");
    },
  );

  it("answers assets for ever, and missing ones not with a page", async () => {
    const found = await ask("/assets/a-1.js", "*/*");
    expect(found.headers.get("cache-control")).toContain("immutable");
    expect(found.headers.get("content-type")).toContain("javascript");
    expect((await ask("/assets/gone-2.js", "*/*")).status).toBe(404);
  });

  it("answers pages to navigations alone", async () => {
    expect((await ask("/files", "application/json")).status).toBe(404);
    expect((await ask("/files", "text/html", "POST")).status).toBe(404);
  });

  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%5c..%5csecret.txt",
  ])("never leaves its folder for %s", async (path) => {
    expect(await (await ask(path)).text()).not.toContain("beside");
  });
});

describe("inlineScriptHashes", () => {
  it("names the scripts that stand in the page itself", () => {
    const hash = createHash("sha256").update(SCRIPT).digest("base64");
    expect(inlineScriptHashes(join(dir, "web"))).toEqual([`'sha256-${hash}'`]);
  });

  it("is empty where nothing is built", () => {
    expect(inlineScriptHashes(join(dir, "nowhere"))).toEqual([]);
  });
});
