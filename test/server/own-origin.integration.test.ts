import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asSingle, openUploadRig, sendSingle, type UploadRig } from "./upload-rig.ts";

let rig: UploadRig;

beforeAll(async () => {
  rig = await openUploadRig();
});

afterAll(() => rig.close());

/** As a browser sends it whose resolver says that a name means this machine: fetch sets Host by itself. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = "",
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${rig.url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const upload = JSON.stringify({ files: [{ name: "a", sizeBytes: 1 }] });

describe("local mode, over a socket", () => {
  it("gives a rebound name nothing, whatever its page says of itself", async () => {
    const { port } = new URL(rig.url);
    for (const host of [`evil.example:${port}`, "evil.example", `127.0.0.1.evil.example:${port}`]) {
      const own = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
      const read = await send("GET", "/api/config", own);
      expect([read.status, JSON.parse(read.text).code]).toEqual([403, "forbidden"]);
      const json = { ...own, "content-type": "application/json" };
      expect((await send("POST", "/api/uploads", json, upload)).status).toBe(403);
      expect((await send("GET", "/api/session", own)).status).toBe(403);
    }
  });

  it("changes nothing for another site, a page of the store's port included", async () => {
    const { host } = new URL(rig.url);
    const store = new URL(rig.target.endpoint);
    const elsewhere = [`http://${store.host}`, "https://evil.example", "null"];
    for (const origin of elsewhere) {
      const headers = { host, origin, "content-type": "application/json" };
      expect((await send("POST", "/api/uploads", headers, upload)).status).toBe(403);
    }
    // A form needs no preflight, and is no JSON.
    const form = { host, "content-type": "text/plain" };
    expect((await send("POST", "/api/uploads", form, upload)).status).toBe(400);
    const own = { host, origin: `http://${host}`, "content-type": "application/json" };
    expect((await send("POST", "/api/uploads", own, upload)).status).toBe(201);
  });
});

describe("our own origin", () => {
  it.each([
    ["page.html", "text/html", "<script>alert(document.cookie)</script>"],
    ["picture.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ["code.js", "text/javascript", "alert(document.cookie)"],
    ["feed.xml", "application/xml", "<a/>"],
  ])("serves no byte of %s: the storage does, to be saved", async (name, contentType, content) => {
    const [opened] = await rig.openAll([{ name, sizeBytes: content.length, contentType }]);
    const single = asSingle(opened);
    expect((await sendSingle(single, content)).ok).toBe(true);
    expect((await rig.complete(single.id)).status).toBe(200);
    const { bytes, response } = await rig.download(single.key);
    expect(bytes.toString()).toBe(content);
    expect(new URL(response.url).origin).not.toBe(rig.url);
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; /);
    for (const path of [
      `/${single.key}`,
      `/media/${single.key}`,
      `/${rig.bucket.bucket}/${single.key}`,
    ]) {
      const answer = await fetch(rig.url + path, { headers: { accept: "text/html" } });
      expect(await answer.text()).not.toContain(content);
    }
  });

  it("says of everything that nobody may guess its type, frame it, or get at its window", async () => {
    for (const path of ["/", "/docs", "/api/config", "/healthz", "/nothing"]) {
      const { headers } = await fetch(rig.url + path);
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "permissions-policy": expect.stringContaining("camera=()"),
        "content-security-policy": expect.stringMatching(
          /object-src 'none'.*frame-ancestors 'self'/,
        ),
      });
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });
});
