import { describe, expect, it } from "vitest";
import type { StoredObject } from "../../../server/s3/index.ts";
import { grant, serve } from "../scripted-app.ts";
import { storedObject } from "../scripted-storage.ts";

type Archived = NonNullable<StoredObject["archived"]>;

function scene(archived?: Archived) {
  const served = serve();
  const bytes = Buffer.from("a\n1\n");
  served.contents.set("ada/a.csv", bytes);
  const object = { sizeBytes: bytes.length, ...(archived && { archived }) };
  served.objects.set("ada/a.csv", storedObject(object));
  const send = async (path: string, more: object = {}, claims?: Record<string, unknown>) => {
    const headers = claims ? { authorization: await grant(claims) } : {};
    return served.ask("POST", path, { key: "ada/a.csv", ...more }, headers);
  };
  const restore = (more?: object, claims?: Record<string, unknown>) =>
    send("/api/objects/restore", more, claims);
  return { ...served, send, restore };
}

const QUERY = { sql: "SELECT * FROM S3Object", input: { format: "csv" } };

describe("an archived object", () => {
  it.each([
    ["/api/select", QUERY],
    ["/api/select/schema", {}],
    ["/api/downloads", {}],
  ])("answers %s with what it is and what helps", async (path, more) => {
    const { send, calls } = scene({ archive: "GLACIER", state: "archived" });
    const { status, body } = await send(path, more);
    expect([status, body.code]).toEqual([409, "object-archived"]);
    expect(body.detail).toBe(
      '"ada/a.csv" is archived (GLACIER) and has to be restored before it can be read: ' +
        "POST /api/objects/restore does it. That takes 1 to 5 minutes (Expedited), " +
        "3 to 5 hours (Standard) or 5 to 12 hours (Bulk).",
    );
    expect(calls).toEqual(["head ada/a.csv"]);
  });

  it("that is being restored says so", async () => {
    const { send } = scene({ archive: "DEEP_ARCHIVE", state: "restoring" });
    const { status, body } = await send("/api/select", QUERY);
    expect([status, body.code]).toEqual([409, "object-archived"]);
    expect(body.detail).toBe(
      '"ada/a.csv" is being restored from DEEP_ARCHIVE; ask again once that is done.',
    );
  });

  it("that was restored is asked like any other", async () => {
    const { send } = scene({ archive: "GLACIER", state: "restored" });
    const { status, body } = await send("/api/select", QUERY);
    expect(status).toBe(200);
    expect(body).toContain('{"type":"records","payload":"{\\"a\\":\\"1\\"}\\n"}');
  });
});

describe("POST /api/objects/restore", () => {
  it("begins to restore, for a week and at the usual pace where nothing else is said", async () => {
    const { restore, calls } = scene({ archive: "DEEP_ARCHIVE", state: "archived" });
    const { status, body } = await restore();
    expect(status).toBe(202);
    expect(body).toEqual({ state: "restoring", archive: "DEEP_ARCHIVE", takes: "up to 12 hours" });
    expect(calls.at(-1)).toBe("restore ada/a.csv from DEEP_ARCHIVE Standard 7");
  });

  it("takes tier and days as they are asked for", async () => {
    const { restore, calls } = scene({ archive: "GLACIER", state: "archived" });
    await restore({ tier: "Expedited", days: 365 });
    expect(calls.at(-1)).toBe("restore ada/a.csv from GLACIER Expedited 365");
  });

  it("has nothing to do for what is not archived", async () => {
    const { restore, calls } = scene();
    const { status, body } = await restore();
    expect([status, body]).toEqual([202, { state: "restored" }]);
    expect(calls).toEqual(["head ada/a.csv"]);
  });

  it.each([
    [400, { days: 0 }],
    [400, { days: 366 }],
    [400, { days: 1.5 }],
    [400, { tier: "Fast" }],
    [400, { tier: "Expedited" }],
    [404, { key: "none" }],
  ])("answers %d to %j", async (status, more) => {
    const { restore } = scene({ archive: "DEEP_ARCHIVE", state: "archived" });
    expect((await restore(more)).status).toBe(status);
  });

  it.each([
    [202, { scope: "query" }],
    [202, { scope: "query", prefix: "ada/" }],
    [202, { scope: "admin" }],
    [403, { scope: "download" }],
    [403, { scope: "query", prefix: "bob/" }],
  ])("answers %d to a grant of %j", async (status, claims) => {
    const served = scene({ archive: "GLACIER", state: "archived" });
    expect((await served.restore({}, claims)).status).toBe(status);
  });
});
