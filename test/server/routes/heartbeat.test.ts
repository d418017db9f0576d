import { describe, expect, it } from "vitest";
import { grant, serve } from "../scripted-app.ts";

const FILM = { name: "Film é.mp4", sizeBytes: 64 * 1024 * 1024, lastModified: 1234 };

/** An app with an upload that Ada opened, and what she says of it. */
async function opened() {
  const app = serve();
  const headers = { authorization: await grant({ sub: "ada" }) };
  const { id } = await app.open(FILM, {}, headers);
  const beat = (uploads: object[], as: Record<string, string> = headers) =>
    app.ask("POST", "/api/uploads/heartbeat", { uploads }, as);
  return { ...app, headers, id, beat };
}

describe("the register of uploads", () => {
  it("has an upload from its opening on", async () => {
    const { registered } = await opened();
    expect(registered.get("upload-1")).toMatchObject({
      state: "open",
      fileSizeBytes: FILM.sizeBytes,
      note: {
        key: "Film é.mp4",
        uploadId: "upload-1",
        fileName: "Film é.mp4",
        lastModified: 1234,
        statement: { owner: "ada", key: "Film é.mp4", bucket: "bucket" },
      },
    });
  });

  it("keeps 255 characters of a name", async () => {
    const { open, registered } = serve();
    await open({ ...FILM, name: `${"😀".repeat(200)}/${"😀".repeat(100)}` });
    const { fileName = "" } = registered.get("upload-1")?.note ?? {};
    expect(Array.from(fileName)).toHaveLength(255);
  });

  it("has it no more once it is completed or aborted", async () => {
    const { open, ask, registered, uploads } = serve();
    const [first, second] = [await open(FILM), await open({ ...FILM, name: "b" })];
    expect(registered.size).toBe(2);
    uploads.set("upload-1", [{ partNumber: 1, sizeBytes: FILM.sizeBytes, etag: '"x"' }]);
    expect((await ask("POST", `/api/uploads/${first.id}/complete`, {})).status).toBe(200);
    await expect.poll(() => registered.size).toBe(1);
    expect((await ask("DELETE", `/api/uploads/${second.id}`)).status).toBe(204);
    expect(registered.size).toBe(0);
  });

  it("has nothing of files in one request", async () => {
    const { open, registered } = serve();
    await open({ name: "small.txt", sizeBytes: 5 });
    expect(registered.size).toBe(0);
  });

  it("may refuse, and uploads go on", async () => {
    const register = {
      write: async () => Promise.reject(new Error("refused")),
      remove: async () => Promise.reject(new Error("refused")),
    };
    const { open, ask } = serve({ storage: { register } });
    const { id, parts } = await open(FILM);
    expect(parts.length).toBeGreaterThan(0);
    const uploads = [{ id, state: "paused" }];
    expect((await ask("POST", "/api/uploads/heartbeat", { uploads })).status).toBe(204);
    expect((await ask("DELETE", `/api/uploads/${id}`)).status).toBe(204);
  });
});

describe("POST /api/uploads/heartbeat", () => {
  it("notes what its sender says", async () => {
    const { beat, id, registered } = await opened();
    expect((await beat([{ id, state: "paused" }])).status).toBe(204);
    expect(registered.get("upload-1")).toMatchObject({ state: "paused", isChange: true });
    await beat([{ id, state: "uploading" }]);
    expect(registered.get("upload-1")).toMatchObject({ state: "open" });
  });

  it("takes forged IDs from nobody, and notes the others beside them", async () => {
    const { beat, id, registered } = await opened();
    const forged = { id: `${id.slice(0, -4)}AAAA`, state: "paused" };
    const { status, body } = await beat([forged, { id, state: "paused" }]);
    expect([status, body.code]).toEqual([403, "id-invalid"]);
    expect(registered.get("upload-1")).toMatchObject({ state: "paused" });
  });

  it("takes nobody's word on the upload of somebody else", async () => {
    const { beat, id, registered } = await opened();
    const other = { authorization: await grant({ sub: "eve" }) };
    const { status, body } = await beat([{ id, state: "paused" }], other);
    expect([status, body.code]).toEqual([403, "not-yours"]);
    expect(registered.get("upload-1")).toMatchObject({ state: "open" });
    const reader = { authorization: await grant({ sub: "ada", scope: "download" }) };
    expect((await beat([{ id, state: "paused" }], reader)).status).toBe(403);
  });

  it.each([[[]], [[{ id: "x", state: "gone" }]], [Array(101).fill({ id: "x", state: "paused" })]])(
    "refuses %j",
    async (uploads) => {
      const { beat } = await opened();
      expect((await beat(uploads)).status).toBe(400);
    },
  );
});
