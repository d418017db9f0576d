import { describe, expect, it } from "vitest";
import { serve } from "../scripted-app.ts";
import { storedObject } from "../scripted-storage.ts";

const MiB = 1024 * 1024;

describe("the parts of an upload", () => {
  it("are signed in the order asked for", async () => {
    const { ask, open } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const { status, body } = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers: [3, 1] });
    expect(status).toBe(200);
    expect(body).toEqual({
      parts: [
        { partNumber: 3, url: "a#3" },
        { partNumber: 1, url: "a#1" },
      ],
      expiresAt: "2026-11-23T13:00:00.000Z",
    });
  });

  it.each([
    [[0], "bad-request"],
    [[10_001], "bad-request"],
    [[], "bad-request"],
    [Array(1001).fill(1), "bad-request"],
    ["1", "bad-request"],
  ])("are not signed for the numbers %j", async (partNumbers, code) => {
    const { ask, open } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const { status, body } = await ask("POST", `/api/uploads/${id}/parts`, { partNumbers });
    expect([status, body.code]).toEqual([400, code]);
  });

  it("are as many as anyone wants, but for a plan of equal ones", async () => {
    const free = serve();
    const file = { name: "a", sizeBytes: 20 * MiB };
    const last = await free.ask("POST", `/api/uploads/${(await free.open(file)).id}/parts`, {
      partNumbers: [10_000],
    });
    expect(last.body.parts).toEqual([{ partNumber: 10_000, url: "a#10000" }]);
    const equal = serve({ capabilities: { equalParts: true } });
    const beyond = await equal.ask("POST", `/api/uploads/${(await equal.open(file)).id}/parts`, {
      partNumbers: [4],
    });
    expect([beyond.status, beyond.body.code]).toEqual([400, "part-not-in-plan"]);
  });

  it("are signed for other origins too where they are asked for", async () => {
    const { ask, open } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const request = { partNumbers: [2], origins: ["https://b.example/"] };
    const { body } = await ask("POST", `/api/uploads/${id}/parts`, request);
    expect(body.parts).toEqual([
      { partNumber: 2, url: "a#2", alternates: ["https://b.example/a#2"] },
    ]);
  });

  it("carry checksums where the storage keeps only what was declared", async () => {
    const request = {
      partNumbers: [1, 2],
      checksums: [{ partNumber: 2, value: "AAAAAA==" }],
    };
    const partsOf = async (when: string) => {
      const checksum = { algorithm: "CRC32C", when, verifiedAtCompletion: true };
      const { ask, open } = serve({ capabilities: { checksum } });
      const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
      return (await ask("POST", `/api/uploads/${id}/parts`, request)).body.parts;
    };
    expect(await partsOf("declared")).toEqual([
      { partNumber: 1, url: "a#1" },
      {
        partNumber: 2,
        url: "a#2",
        headers: {
          "x-amz-checksum-crc32c": "AAAAAA==",
          "x-amz-sdk-checksum-algorithm": "CRC32C",
        },
      },
    ]);
    // AWS refuses a part's checksum of an algorithm that the upload did not declare.
    expect((await partsOf("unasked"))[1]).not.toHaveProperty("headers");
  });

  it("include part 1 of a single PUT, with its headers signed again", async () => {
    const { ask, open } = serve();
    const { id, url, headers } = await open({
      name: "a",
      sizeBytes: MiB,
      contentType: "image/png",
    });
    const path = `/api/uploads/${id}/parts`;
    const { body } = await ask("POST", path, { partNumbers: [1] });
    expect(body.parts).toEqual([{ partNumber: 1, url, headers }]);
    const checksums = [{ partNumber: 1, value: "AAAAAAAAAAA=" }];
    const summed = await ask("POST", path, { partNumbers: [1], checksums });
    expect(summed.body.parts[0].headers).toEqual({
      ...headers,
      "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=",
      "x-amz-sdk-checksum-algorithm": "CRC64NVME",
    });
    const second = await ask("POST", path, { partNumbers: [2] });
    expect(second.body.code).toBe("part-not-in-plan");
  });

  it("include part 1 of a form, whose fields are signed again", async () => {
    const { ask, open } = serve();
    const { id, url, fields, headers, checksumField, expiresAt } = await open({
      name: "a",
      sizeBytes: 7,
      contentType: "image/png",
    });
    const path = `/api/uploads/${id}/parts`;
    const { body } = await ask("POST", path, { partNumbers: [1] });
    const parts = [{ partNumber: 1, url }];
    expect(body).toEqual({ parts, fields, headers, checksumField, expiresAt });
    const second = await ask("POST", path, { partNumbers: [2] });
    expect(second.body.code).toBe("part-not-in-plan");
  });

  it("are listed as the storage holds them, and say what became of the upload", async () => {
    const { ask, open, uploads } = serve();
    const { id } = await open({ name: "a", sizeBytes: 20 * MiB });
    const parts = [8, 8, 4].map((size, index) => {
      const checksum = { algorithm: "CRC64NVME", value: `${index}` } as const;
      return { partNumber: index + 1, sizeBytes: size * MiB, etag: '"x"', checksum };
    });
    uploads.set("upload-1", parts);
    const path = `/api/uploads/${id}/parts`;
    expect((await ask("GET", path)).body).toEqual({
      parts,
      partSizeBytes: 8 * MiB,
      // What a browser that was sent a link by an admin has to know.
      key: "a",
      sizeBytes: 20 * MiB,
      partSizes: "free",
      state: "open",
    });
    await ask("POST", `/api/uploads/${id}/complete`, {});
    expect((await ask("GET", path)).body).toMatchObject({ parts: [], state: "completed" });
  });

  it("are gone after an abort, which may be repeated and deletes no object", async () => {
    const { ask, open, objects } = serve();
    const { id, key } = await open({ name: "a", sizeBytes: 20 * MiB });
    objects.set(key, storedObject({ sizeBytes: 1 }));
    expect((await ask("DELETE", `/api/uploads/${id}`)).status).toBe(204);
    expect((await ask("DELETE", `/api/uploads/${id}`)).status).toBe(204);
    expect((await ask("GET", `/api/uploads/${id}/parts`)).body.state).toBe("gone");
    expect(objects.has(key)).toBe(true);
  });

  it("are not there for a forged ID", async () => {
    const { ask } = serve();
    const forged = await ask("POST", "/api/uploads/e30.AAAA/complete", {});
    expect([forged.status, forged.body.code]).toEqual([403, "id-invalid"]);
    const long = await ask("GET", `/api/uploads/${"x".repeat(12_289)}/parts`);
    expect([long.status, long.body.code]).toEqual([400, "bad-request"]);
  });
});
