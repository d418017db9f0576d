import { describe, expect, it } from "vitest";
import { ProblemError } from "../../../../shared/problem.ts";
import type { IncompleteUploads, UploadRegister } from "../../../../server/s3/index.ts";
import { serve } from "../../scripted-app.ts";
import { scriptRegister } from "../../scripted-register.ts";

const FILM = { name: "film.mp4", sizeBytes: 64 * 1024 * 1024 };
const ADDRESS = { key: "film.mp4", uploadId: "upload-1" };

/** An app whose register answers what it was told, with uploads that are alive or not. */
function served(liveness: ReturnType<IncompleteUploads["livenessOf"]>) {
  const { register, registered, incomplete } = scriptRegister();
  const known: UploadRegister = {
    ...register,
    lookUp: async () => ({
      of({ uploadId }) {
        const heard = registered.get(uploadId);
        if (heard === undefined) return undefined;
        const { state, fileSizeBytes } = heard;
        return { state, fileSizeBytes, heardAt: new Date(0), names: [uploadId] };
      },
      others: new Map(),
    }),
    read: async ({ names }) => registered.get(names[0])?.note ?? null,
  };
  const held = { partCount: 0, sizeBytes: 0, lastPartAt: null, abortsAt: null };
  const app = serve({
    storage: {
      register: known,
      incomplete: { ...incomplete, livenessOf: () => liveness, heldParts: async () => held },
    },
  });
  const abort = async (uploads: object[], rest: object = {}) => {
    const { body } = await app.ask("POST", "/api/admin/uploads/abort", { uploads, ...rest });
    return body.results;
  };
  return { ...app, registered, abort };
}

describe("POST /api/admin/uploads/abort", () => {
  it("says of an upload that is completed while it is being aborted that it stays", async () => {
    const { abort, open, ask, uploads, overrule, storage } = served("uploading");
    const { id } = await open(FILM);
    const { abortUpload } = storage.gateway;
    overrule({
      async abortUpload(upload) {
        uploads.set(upload.uploadId, [{ partNumber: 1, sizeBytes: FILM.sizeBytes, etag: '"x"' }]);
        expect((await ask("POST", `/api/uploads/${id}/complete`, {})).status).toBe(200);
        return abortUpload(upload);
      },
    });
    const results = await abort([ADDRESS], { evenLive: true });
    expect(results).toEqual([{ ...ADDRESS, aborted: false, completed: true }]);
  });

  it("is not undone by a heartbeat that was under way", async () => {
    const { abort, open, ask, registered } = served("uploading");
    const { id } = await open(FILM);
    expect(await abort([ADDRESS], { evenLive: true })).toEqual([{ ...ADDRESS, aborted: true }]);
    const uploads = [{ id, state: "paused" }];
    expect((await ask("POST", "/api/uploads/heartbeat", { uploads })).status).toBe(204);
    expect([...registered.keys()]).toEqual([]);
  });

  it("does not take an object of the same key for the upload", async () => {
    const { abort, open, uploads, objects } = served("paused");
    await open(FILM);
    uploads.delete("upload-1");
    objects.set("film.mp4", {
      sizeBytes: 5,
      etag: '"x-2"',
      contentType: "video/mp4",
      metadata: { "sluice-upload": "of another" },
      lastModified: new Date("2027-01-01"),
    });
    const asked = { ...ADDRESS, initiatedAt: "2026-11-01T00:00:00Z" };
    expect(await abort([asked])).toEqual([{ ...ADDRESS, aborted: true }]);
  });

  it("names what could not be aborted, and aborts the others", async () => {
    const { abort, overrule, storage, uploads } = served("unknown");
    for (const id of ["a", "b", "c"]) uploads.set(id, []);
    const { abortUpload } = storage.gateway;
    overrule({
      async abortUpload(upload) {
        if (upload.uploadId !== "b") return abortUpload(upload);
        throw new ProblemError("storage-denied", "Abort the upload: refused.");
      },
    });
    const results = await abort(["a", "b", "c"].map((uploadId) => ({ key: "k", uploadId })));
    expect(results).toMatchObject([
      { uploadId: "a", aborted: true },
      { uploadId: "b", aborted: false, problem: { code: "storage-denied" } },
      { uploadId: "c", aborted: true },
    ]);
    expect([...uploads.keys()]).toEqual(["b"]);
  });

  it("lets a live upload be, and the register's entry of it", async () => {
    const { abort, open, registered, uploads } = served("uploading");
    await open(FILM);
    expect(await abort([ADDRESS])).toMatchObject([{ problem: { code: "upload-live" } }]);
    expect([uploads.size, registered.size]).toEqual([1, 1]);
    await abort([ADDRESS], { evenLive: true });
    expect([uploads.size, registered.size]).toEqual([0, 0]);
  });

  it.each([
    [[]],
    [Array(1001).fill(ADDRESS)],
    [[{ key: "k" }]],
    [[{ key: "\ud800", uploadId: "u" }]],
    [[{ key: "é".repeat(1024), uploadId: "u" }]],
  ])("refuses %#", async (uploads) => {
    const { ask } = served("unknown");
    const { status } = await ask("POST", "/api/admin/uploads/abort", { uploads });
    expect(status).toBe(400);
  });
});

describe("POST /api/admin/uploads/parts", () => {
  it("names what could not be looked at, beside the others", async () => {
    const { register, incomplete } = scriptRegister();
    const app = serve({
      storage: {
        register,
        incomplete: {
          ...incomplete,
          async heldParts({ uploadId }: { uploadId: string }) {
            if (uploadId === "gone") return null;
            if (uploadId === "busy") throw new ProblemError("storage-busy", "Slow down.");
            const [lastPartAt, abortsAt] = [new Date(0), new Date(1)];
            return { partCount: 2, sizeBytes: 10, lastPartAt, abortsAt };
          },
        },
      },
    });
    const uploads = ["open", "gone", "busy"].map((uploadId) => ({ key: "k", uploadId }));
    const { body } = await app.ask("POST", "/api/admin/uploads/parts", { uploads });
    expect(body.results).toEqual([
      {
        state: "open",
        partCount: 2,
        sizeBytes: 10,
        lastPartAt: "1970-01-01T00:00:00.000Z",
        abortsAt: "1970-01-01T00:00:00.001Z",
      },
      { state: "gone" },
      { state: "failed", problem: expect.objectContaining({ code: "storage-busy" }) },
    ]);
  });
});
