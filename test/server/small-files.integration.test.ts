import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksumOf } from "../conformance/checksum.ts";
import { awkwardPaths } from "../fixtures/awkward-names.ts";
import { asSingle, openUploadRig, problemOf, sendSingle, type UploadRig } from "./upload-rig.ts";

const MiB = 1024 * 1024;

let rig: UploadRig;
beforeAll(async () => {
  rig = await openUploadRig();
});
afterAll(() => rig?.close());

describe("small files", () => {
  it("arrive with awkward names, folders, types and none of a size too much", async () => {
    const files = awkwardPaths(60).map((path, index) => ({
      name: path.slice(path.lastIndexOf("/") + 1),
      relativePath: `awkward/${path}`,
      sizeBytes: index % 3,
      contentType: ["text/plain", "image/svg+xml", "application/x-zip; a=b"][index % 3] ?? "",
    }));
    const uploads = await rig.openAll(files);
    await Promise.all(
      uploads.map(async (opened, index) => {
        const upload = asSingle(opened);
        const file = files[index];
        expect(upload.key).toBe(file?.relativePath.normalize("NFC"));
        const body = "x".repeat(file?.sizeBytes ?? 0);
        expect((await sendSingle(upload, body)).ok, upload.key).toBe(true);
        const { bytes, response } = await rig.download(upload.key);
        expect(bytes.toString()).toBe(body);
        expect(response.headers.get("content-type")).toBe(file?.contentType);
      }),
    );
  });

  it("of the same name stand beside each other", async () => {
    const file = { name: "same.txt", sizeBytes: 1 };
    const first = (await rig.openAll([file, file])).map((upload) => asSingle(upload));
    expect(first.map(({ key }) => key)).toEqual(["same.txt", "same (2).txt"]);
    for (const upload of first) await sendSingle(upload, "x");
    expect((await rig.openAll([file])).map((upload) => asSingle(upload).key)).toEqual([
      "same (3).txt",
    ]);
    const [refused] = await rig.openAll([file], { ifExists: "fail" });
    expect(refused).toMatchObject({ problem: { code: "key-exists" } });
    const [replaced] = await rig.openAll([file], { ifExists: "replace" });
    expect(asSingle(replaced).key).toBe("same.txt");
  });

  it("are confirmed once they are there, and not before", async () => {
    const upload = asSingle((await rig.openAll([{ name: "one.txt", sizeBytes: 1 }]))[0]);
    const complete = () => rig.complete(upload.id);
    expect(await problemOf(await complete())).toMatchObject({ code: "upload-incomplete" });
    const sent = await sendSingle(upload, "x");
    expect(await (await complete()).json()).toMatchObject({
      key: "one.txt",
      sizeBytes: 1,
      etag: sent.headers.get("etag"),
    });
  });

  it("are not taken for others of the same name and size", async () => {
    const file = { name: "twin.txt", sizeBytes: 1 };
    const [mine, theirs] = [
      asSingle((await rig.openAll([file]))[0]),
      asSingle((await rig.openAll([file]))[0]),
    ];
    expect(mine.key).toBe(theirs.key);
    expect((await sendSingle(theirs, "x")).ok).toBe(true);
    const param = { id: mine.id };
    const confirmed = await rig.complete(param.id);
    expect(await problemOf(confirmed)).toMatchObject({ code: "key-exists" });
    const listed = await (await rig.api.uploads[":id"].parts.$get({ param })).json();
    expect(listed.state).toBe("open");
  });

  it("are refused with another length or type than announced", async () => {
    const file = { name: "strict.txt", sizeBytes: 1, contentType: "text/plain" };
    const upload = asSingle((await rig.openAll([file]))[0]);
    const longer = await sendSingle(upload, "xy");
    const html = {
      headers: { "content-type": "text/html" },
      fields: { "Content-Type": "text/html" },
    };
    const other = await sendSingle(
      upload,
      "x",
      upload.method === "put" ? html : { fields: html.fields },
    );
    expect([longer.ok, other.ok]).toEqual([false, false]);
    const param = { id: upload.id };
    const completed = await rig.complete(param.id);
    expect(await problemOf(completed)).toMatchObject({ code: "upload-incomplete" });
  });

  it("go up as forms where they replace, or where the storage keeps a form's condition", async (context) => {
    if (rig.target.server !== "sluice" && !(await rig.hasChecksums()))
      return context.skip("An old RGW's forms tell no ETag.");
    const file = { name: "form.txt", sizeBytes: 1 };
    const [renamed, replaced] = [
      asSingle((await rig.openAll([file]))[0]),
      asSingle((await rig.openAll([file], { ifExists: "replace" }))[0]),
    ];
    expect(renamed.method).toBe(rig.target.server === "sluice" ? "post" : "put");
    expect(replaced.method).toBe("post");
    expect((await sendSingle(renamed, "a")).ok).toBe(true);
    const again = await sendSingle(renamed, "b");
    expect(again.status).toBe(412);
    expect((await sendSingle(replaced, "c")).ok).toBe(true);
    expect((await rig.download("form.txt")).bytes.toString()).toBe("c");
  });

  it("are verified on arrival where a checksum comes along, as a form and as a PUT", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("The storage keeps no checksums.");
    const sum = (text: string) => checksumOf("CRC64NVME", Buffer.from(text));
    const form = asSingle(
      (await rig.openAll([{ name: "sum", sizeBytes: 1 }], { ifExists: "replace" }))[0],
    );
    if (form.method !== "post") throw new Error("Not a form.");
    const { checksumField = "" } = form;
    expect(checksumField).toBe("x-amz-checksum-crc64nvme");
    const wrong = await sendSingle(form, "a", { fields: { [checksumField]: sum("b") } });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("BadDigest")]);
    const right = await sendSingle(form, "a", { fields: { [checksumField]: sum("a") } });
    expect(right.ok).toBe(true);

    const text = "p".repeat(MiB);
    const put = asSingle((await rig.openAll([{ name: "summed put", sizeBytes: MiB }]))[0]);
    const signFor = async (value: string) => {
      const json = { partNumbers: [1], checksums: [{ partNumber: 1, value }] };
      const signed = await rig.api.uploads[":id"].parts.$post({ param: { id: put.id }, json });
      const { url = "", headers = {} } = (await signed.json()).parts[0] ?? {};
      return fetch(url, { method: "PUT", headers, body: text });
    };
    expect((await signFor(sum("other"))).status).toBe(400);
    expect((await signFor(sum(text))).status).toBe(200);
    const param = { id: put.id };
    const receipt = await (await rig.complete(param.id)).json();
    expect(receipt.checksum).toEqual({ algorithm: "CRC64NVME", value: sum(text) });
  });

  it("have the checksum that the storage makes by itself, or because the PUT asks for it", async (context) => {
    if (!(await rig.hasChecksums())) return context.skip("The storage keeps no checksums.");
    const put = asSingle((await rig.openAll([{ name: "unsummed put", sizeBytes: MiB }]))[0]);
    const text = "u".repeat(MiB);
    const sent = await sendSingle(put, text);
    const value = checksumOf("CRC64NVME", Buffer.from(text));
    expect(sent.headers.get("x-amz-checksum-crc64nvme")).toBe(value);
    const receipt = await (await rig.complete(put.id)).json();
    expect(receipt.checksum).toEqual({ algorithm: "CRC64NVME", value });
  });

  it("by the thousand are opened at once", async () => {
    const files = Array.from({ length: 1000 }, (_, index) => {
      return { name: `${index}.txt`, relativePath: `many/${index}.txt`, sizeBytes: 1 };
    });
    const opened = await rig.openAll(files);
    expect(new Set(opened.map((upload) => asSingle(upload).key)).size).toBe(1000);
    expect((await sendSingle(asSingle(opened[999]), "x")).ok).toBe(true);
  });
});
