import { ChecksumMode, GetObjectAttributesCommand } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { checksumOf, compositeOf } from "../checksum.ts";
import { multipartCalls, twoParts } from "../multipart-calls.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const { FIRST, LAST, WHOLE } = twoParts();

/** Checksums of parts, of parts taken together, and of the whole object. */
export function multipartChecksumRules(target: Target): void {
  const rule = ruleTest(target);
  const { client, create, upload, complete, abort, head } = multipartCalls(target);
  const enabled = { ChecksumMode: ChecksumMode.ENABLED };

  for (const algorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as const) {
    const field = `Checksum${algorithm}` as const;

    rule(`${algorithm} of parts makes a composite checksum`, async () => {
      const to = await create(`composite ${algorithm}`, { ChecksumAlgorithm: algorithm });
      const sum = (body: Uint8Array) => ({ [field]: checksumOf(algorithm, body) });
      const parts = [
        { ...(await upload(to, 1, FIRST, sum(FIRST))), ...sum(FIRST) },
        { ...(await upload(to, 2, LAST, sum(LAST))), ...sum(LAST) },
      ];
      const completed = await complete(to, parts);
      expect(completed[field]).toBe(compositeOf(algorithm, [FIRST, LAST]));
      const kept = await head(to.Key, enabled);
      expect(kept[field]).toBe(compositeOf(algorithm, [FIRST, LAST]));
      expect(kept.ChecksumType).toBe("COMPOSITE");
    });
  }

  for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
    const field = `Checksum${algorithm}` as const;
    const full = { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" as const };

    rule(`${algorithm} of the full object is that of all bytes in a row`, async () => {
      const to = await create(`full ${algorithm}`, full);
      const sum = (body: Uint8Array) => ({ [field]: checksumOf(algorithm, body) });
      const parts = [await upload(to, 1, FIRST, sum(FIRST)), await upload(to, 2, LAST, sum(LAST))];
      await complete(to, parts, { ChecksumType: "FULL_OBJECT", ...sum(WHOLE) });
      const kept = await head(to.Key, enabled);
      expect(kept[field]).toBe(checksumOf(algorithm, WHOLE));
    });

    rule(`${algorithm} of the full object is reported as FULL_OBJECT`, async () => {
      const to = await create(`full type ${algorithm}`, full);
      const sum = { [field]: checksumOf(algorithm, LAST) };
      await complete(to, [await upload(to, 1, LAST, sum)], { ChecksumType: "FULL_OBJECT", ...sum });
      expect((await head(to.Key, enabled)).ChecksumType).toBe("FULL_OBJECT");
    });

    rule(
      `a wrong ${algorithm} of the full object is BadDigest, and the upload lives on`,
      async () => {
        const to = await create(`bad full ${algorithm}`, full);
        const parts = [await upload(to, 1, LAST, { [field]: checksumOf(algorithm, LAST) })];
        const wrong = { [field]: checksumOf(algorithm, FIRST.subarray(0, 9)) };
        const refused = complete(to, parts, { ChecksumType: "FULL_OBJECT", ...wrong });
        expect(await refusalOf(refused)).toBe("400 BadDigest");
        expect(await refusalOf(head(to.Key))).toBe("404 NotFound");
        await complete(to, parts);
      },
    );
  }

  rule("S3 gives an object of parts without checksums a CRC64NVME of its own", async () => {
    const to = await create("unsummed");
    await complete(to, [await upload(to, 1, FIRST), await upload(to, 2, LAST)]);
    const { ChecksumCRC64NVME } = await head(to.Key, enabled);
    expect(ChecksumCRC64NVME).toBe(checksumOf("CRC64NVME", WHOLE));
  });

  rule("a wrong checksum of a part is BadDigest", async () => {
    const to = await create("bad sum", { ChecksumAlgorithm: "CRC32C" });
    const wrong = { ChecksumCRC32C: checksumOf("CRC32C", Buffer.from("other")) };
    expect(await refusalOf(upload(to, 1, LAST, wrong))).toBe("400 BadDigest");
    await abort(to);
  });

  rule("a part without the checksum that was announced is InvalidRequest", async () => {
    const to = await create("unkept promise", { ChecksumAlgorithm: "SHA256" });
    expect(await refusalOf(upload(to, 1, LAST))).toBe("400 InvalidRequest");
    await abort(to);
  });

  for (const algorithm of ["SHA1", "SHA256"] as const) {
    rule(`${algorithm} of the full object does not exist: InvalidRequest`, async () => {
      const full = { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" as const };
      expect(await refusalOf(create("impossible", full))).toBe("400 InvalidRequest");
    });
  }

  rule("GetObjectAttributes tells the parts with their sizes and checksums", async () => {
    const to = await create("part attributes", { ChecksumAlgorithm: "CRC32" });
    const sum = (body: Uint8Array) => ({ ChecksumCRC32: checksumOf("CRC32", body) });
    const parts = [
      { ...(await upload(to, 1, FIRST, sum(FIRST))), ...sum(FIRST) },
      { ...(await upload(to, 2, LAST, sum(LAST))), ...sum(LAST) },
    ];
    await complete(to, parts);
    const { Bucket, Key } = to;
    const command = new GetObjectAttributesCommand({
      Bucket,
      Key,
      ObjectAttributes: ["ObjectParts", "ObjectSize"],
    });
    const { ObjectParts, ObjectSize } = await client.send(command);
    expect({ ObjectSize, count: ObjectParts?.TotalPartsCount }).toEqual({
      ObjectSize: WHOLE.length,
      count: 2,
    });
    expect(ObjectParts?.Parts).toMatchObject([
      { PartNumber: 1, Size: FIRST.length, ...sum(FIRST) },
      { PartNumber: 2, Size: LAST.length, ...sum(LAST) },
    ]);
  });
}
