import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { QueryPage } from "./query-page.ts";
import { UploadPage } from "./upload-page.ts";

/** As strict as a policy can be with the page still at work; hashes are computed in WebAssembly. */
const STRICT = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' http://127.0.0.1:*",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

declare global {
  interface Window {
    noteBlocked(what: string): void;
  }
}

/** Has every page come with the strict policy, and answers where it is written down what that blocks. */
async function beStrict(page: Page): Promise<readonly string[]> {
  const blocked: string[] = [];
  await page.exposeFunction("noteBlocked", (what: string) => void blocked.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
      window.noteBlocked(`${effectiveDirective}: ${blockedURI} (${sourceFile}:${lineNumber})`);
    });
  });
  // A page that a test answers for comes from nowhere: to speak to this machine it needs leave.
  await page.context().grantPermissions(["local-network-access"]);
  await page.route("**/*", async (route) => {
    if (route.request().resourceType() !== "document") return route.fallback();
    const response = await route.fetch();
    const headers = { ...response.headers(), "content-security-policy": STRICT };
    return route.fulfill({ response, headers });
  });
  return blocked;
}

test("the query page needs no inline style and no inline script", async ({ page, sluice }) => {
  const blocked = await beStrict(page);
  const query = new QueryPage(page, sluice);
  const key = "sales.csv";
  const run = async (sql: string, end: string | RegExp) => {
    // By a link: what a test inserts all at once Chromium dresses in inline styles of its own.
    await query.open({ key, sql });
    await page.getByRole("button", { name: "Run" }).click();
    await query.ends(end);
  };
  await query.put(key, "id,sold on,price\n1,2026-01-05,19.90\n2,2026-02-11,120.00\n");
  await query.open({ key, sql: "SELECT " });
  await query.editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("s.so");
  const option = page.getByRole("option", { name: /sold on/ });
  await expect(option).toBeVisible();
  // What the editor brings of styles has arrived, and the theme over it.
  await expect(page.locator(".cm-scroller")).toHaveCSS("display", "flex");
  await expect(page.locator(".cm-tooltip-autocomplete")).toHaveCSS("border-radius", "10px");
  await option.click();
  await expect(query.editor).toHaveText('SELECT s."sold on"');

  await run("SELECT s.id FROM S3Object s WHERE s.price >> 1", "Failed");
  await page.locator(".cm-lintRange-error").hover();
  await expect(page.locator(".cm-diagnostic")).toHaveCSS("padding-left", "12px");

  await run("SELECT * FROM S3Object s", /^Done/);
  await expect(query.row(1)).toHaveCSS("height", "32px");
  await page.getByText("What it costs on S3").click();
  await page.getByRole("button", { name: "Chart" }).click();
  await expect(page.getByRole("img", { name: /^Bar chart/ })).toBeVisible();
  await page.getByRole("button", { name: "History" }).click();
  await query.object.click();
  await expect(page.getByRole("option", { name: /sales/ })).toBeVisible();
  expect(blocked).toEqual([]);
});

test("the upload page needs no inline style and no inline script", async ({ page, sluice }) => {
  const blocked = await beStrict(page);
  await page.goto(sluice.url);
  const name = "notes.txt";
  const uploads = new UploadPage(page);
  await page
    .locator('input[type="file"]:not([webkitdirectory])')
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.alloc(12 * 1024 * 1024, "x") });
  await uploads.says(name, "Done");
  for (const details of await page.locator("summary").all()) {
    if (await details.isVisible()) await details.click();
  }
  expect(blocked).toEqual([]);
});
