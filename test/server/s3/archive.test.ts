import { afterEach, describe, expect, it } from "vitest";
import { archiveStateOf } from "../../../server/s3/archive.ts";
import { serveScript, xmlError, type S3Script } from "../scripted-s3.ts";

describe("archiveStateOf", () => {
  it.each([
    [{}, undefined],
    [{ StorageClass: "STANDARD_IA" }, undefined],
    [{ StorageClass: "GLACIER_IR" }, undefined],
    [{ StorageClass: "INTELLIGENT_TIERING" }, undefined],
    [{ StorageClass: "GLACIER" }, { archive: "GLACIER", state: "archived" }],
    [
      { StorageClass: "INTELLIGENT_TIERING", ArchiveStatus: "DEEP_ARCHIVE_ACCESS" },
      { archive: "DEEP_ARCHIVE_ACCESS", state: "archived" },
    ],
    [
      { StorageClass: "DEEP_ARCHIVE", Restore: 'ongoing-request="true"' },
      { archive: "DEEP_ARCHIVE", state: "restoring" },
    ],
    [
      {
        StorageClass: "GLACIER",
        Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"',
      },
      { archive: "GLACIER", state: "restored", until: new Date("2012-12-21T00:00:00Z") },
    ],
    [
      { StorageClass: "GLACIER", Restore: 'ongoing-request="false"' },
      { archive: "GLACIER", state: "restored" },
    ],
  ] as const)("reads %j as %j", (found, state) => {
    expect(archiveStateOf(found)).toEqual(state);
  });
});

describe("restoreObject", () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function connect(script: S3Script) {
    const { storage, close } = await serveScript(script);
    closers.push(close);
    return storage;
  }

  const REQUEST = { tier: "Bulk", days: 3 } as const;

  it.each([
    ["GLACIER", 202, "restoring", true],
    ["DEEP_ARCHIVE", 200, "restored", true],
    ["ARCHIVE_ACCESS", 202, "restoring", false],
  ] as const)("of %s, answered %d, is %s", async (archive, status, state, hasDays) => {
    let sent = "";
    const storage = await connect((_, response, body) => {
      sent = body;
      response.writeHead(status).end();
    });
    expect(await storage.restoreObject("a", archive, REQUEST)).toBe(state);
    expect(sent).toContain("<Tier>Bulk</Tier>");
    expect(sent.includes("<Days>3</Days>")).toBe(hasDays);
  });

  it("that is under way already is under way", async () => {
    const storage = await connect((_, response) => {
      xmlError(response, 409, "RestoreAlreadyInProgress");
    });
    expect(await storage.restoreObject("a", "GLACIER", REQUEST)).toBe("restoring");
  });

  it("that moved back already is done", async () => {
    const storage = await connect((_, response) => {
      xmlError(response, 403, "ObjectAlreadyInActiveTierError");
    });
    expect(await storage.restoreObject("a", "ARCHIVE_ACCESS", REQUEST)).toBe("restored");
  });

  it("fails as the storage says", async () => {
    const storage = await connect((_, response) => xmlError(response, 403, "AccessDenied"));
    await expect(storage.restoreObject("a", "GLACIER", REQUEST)).rejects.toMatchObject({
      code: "storage-denied",
    });
  });
});
