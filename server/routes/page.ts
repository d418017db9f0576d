import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

/** Names of built assets carry a hash of their content. */
const IMMUTABLE_PATH = "/assets/";

const YEAR_SECONDS = 31_536_000;

const NOT_BUILT =
  "The page has not been built yet: run `npm start`, or `npm run build` and start again.\n";

/** The built app in `webDir`; its index answers every navigation, because the page routes by itself. */
export function createPageRoutes(webDir: string) {
  const page = new Hono();
  const indexPath = join(webDir, "index.html");
  if (!existsSync(indexPath)) return page.get("*", (c) => c.text(NOT_BUILT, 503));
  page.use("*", async (c, next) => {
    await next();
    if (c.res.ok) c.header("cache-control", cacheControlFor(c.req.path));
  });
  page.get("*", serveStatic({ root: webDir }));
  return page.get("*", async (c, next) => {
    const isAsset = c.req.path.startsWith(IMMUTABLE_PATH);
    if (isAsset || !isNavigation(c.req.header("accept"))) return next();
    return c.html(readFileSync(indexPath, "utf8"));
  });
}

function cacheControlFor(path: string): string {
  const isImmutable = path.startsWith(IMMUTABLE_PATH);
  return isImmutable ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache";
}

/**
 * The hashes of the scripts that stand in the built index itself, as a Content-Security-Policy names them;
 * empty where nothing is built.
 * @see https://www.w3.org/TR/CSP3/#match-element-to-source-list
 */
export function inlineScriptHashes(webDir: string): string[] {
  const indexPath = join(webDir, "index.html");
  if (!existsSync(indexPath)) return [];
  const scripts = readFileSync(indexPath, "utf8").matchAll(
    /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi,
  );
  return Array.from(scripts, ([, body = ""]) => {
    return `'sha256-${createHash("sha256").update(body).digest("base64")}'`;
  });
}

function isNavigation(accept = ""): boolean {
  return accept.includes("text/html");
}
