import { describe, expect, it } from "vitest";
import { grant, serve } from "../../scripted-app.ts";

const LIFECYCLE = "/api/admin/bucket/lifecycle";
const CORS = "/api/admin/bucket/cors";
const ACCELERATION = "/api/admin/bucket/acceleration";

const SITE = "https://app.example";
const OWN = "http://127.0.0.1:8080";

describe("the bucket's configuration", () => {
  it.each([
    ["GET", LIFECYCLE],
    ["PUT", LIFECYCLE, { abortIncompleteAfterDays: 7 }],
    ["DELETE", LIFECYCLE],
    ["GET", CORS],
    ["PUT", CORS, {}],
    ["GET", ACCELERATION],
    ["PUT", ACCELERATION, { status: "Enabled" }],
  ])("%s %s is for admins", async (method, path, body?: object) => {
    const { ask } = serve({ localMode: false });
    const as = async (scope: string) => ({ authorization: await grant({ scope }) });
    expect((await ask(method, path, body)).status).toBe(401);
    const { status } = await ask(method, path, body, await as("upload download query"));
    expect(status).toBe(403);
    expect((await ask(method, path, body, await as("admin"))).status).toBe(200);
  });
});

describe(LIFECYCLE, () => {
  it("sets our rule, shows it and removes it", async () => {
    const { ask } = serve();
    const { body } = await ask("PUT", LIFECYCLE, { abortIncompleteAfterDays: 3 });
    expect(body).toMatchObject({ supported: true, abortIncompleteAfterDays: 3 });
    expect((await ask("GET", LIFECYCLE)).body).toEqual(body);
    const removed = await ask("DELETE", LIFECYCLE);
    expect(removed.body.abortIncompleteAfterDays).toBeNull();
    expect(removed.body.rules).toHaveLength(1);
  });

  it.each([0, 3651, 1.5, "7", null])("does not take %j days", async (abortIncompleteAfterDays) => {
    const { status, body } = await serve().ask("PUT", LIFECYCLE, { abortIncompleteAfterDays });
    expect([status, body.code]).toEqual([400, "bad-request"]);
    expect(body.detail).toContain("abortIncompleteAfterDays");
  });
});

describe(CORS, () => {
  it("judges the sites that are configured and the page that asks", async () => {
    const { body } = await serve().ask("GET", CORS);
    const lacks = ["No rule lets this site in."];
    expect(body.origins).toEqual([
      { origin: SITE, lacks },
      { origin: OWN, lacks },
    ]);
    expect(body.proposal.allowedOrigins).toEqual([SITE, OWN]);
  });

  it("knows the page that asks by its Origin, by its host, and by what it says", async () => {
    const { ask } = serve();
    const originsOf = async (query: string, headers: Record<string, string>) =>
      (await ask("GET", CORS + query, undefined, headers)).body.origins.map(
        ({ origin }: { origin: string }) => origin,
      );
    expect(await originsOf("", { origin: SITE })).toEqual([SITE]);
    expect(await originsOf("?origin=https://pages.example", {})).toEqual([
      SITE,
      OWN,
      "https://pages.example",
    ]);
  });

  it("sets our rule for these sites, and keeps those that it let in", async () => {
    const { ask } = serve();
    const named = await ask("PUT", CORS, {
      origins: ["https://one.example", "https://*.two.example"],
    });
    expect(named.body.rules.map(({ id }: { id: string }) => id)).toEqual(["sluice-app", "theirs"]);
    const { body } = await ask("PUT", CORS, {});
    expect(body.rules[0].allowedOrigins).toEqual([
      SITE,
      OWN,
      "https://one.example",
      "https://*.two.example",
    ]);
    const narrowed = await ask("PUT", CORS, { origins: [SITE] });
    expect(narrowed.body.rules[0].allowedOrigins).toEqual([SITE]);
    expect(narrowed.body.origins[1]).toEqual({
      origin: OWN,
      lacks: ["No rule lets this site in."],
    });
  });

  it.each([
    [[]],
    [["*"]],
    [["https://app.example/"]],
    [["app.example"]],
    [["javascript:alert(1)"]],
    [["https://a.example<AllowedOrigin>"]],
    [["https://*.*.example"]],
    [["https://user@app.example"]],
  ])("does not take %j", async (origins) => {
    const { status, body } = await serve().ask("PUT", CORS, { origins });
    expect([status, body.code]).toEqual([400, "bad-request"]);
    expect(body.detail).toMatch(/^origins: /);
  });

  it("does not judge a site that is none", async () => {
    expect((await serve().ask("GET", `${CORS}?origin=nowhere`)).status).toBe(400);
  });
});

describe(ACCELERATION, () => {
  it("is enabled and suspended", async () => {
    const { ask } = serve();
    expect((await ask("GET", ACCELERATION)).body.status).toBe("Unset");
    expect((await ask("PUT", ACCELERATION, { status: "Enabled" })).body.status).toBe("Enabled");
    expect((await ask("PUT", ACCELERATION, { status: "Off" })).status).toBe(400);
  });
});
