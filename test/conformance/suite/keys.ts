import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, expect } from "vitest";
import { errorFields, verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { decodeListedKey, ruleTest, type Target } from "../target.ts";

/** Keys that are legal in S3 and go wrong wherever a key is taken for a path, a URL or an XML text. */
const AWKWARD_KEYS: readonly string[] = [
  "..",
  ".",
  "../../escape",
  "a/../b",
  "a/./b",
  "a//b",
  "/lead",
  "//",
  "trail/",
  "trail",
  "percent%2Fslash",
  "percent%",
  "100%25",
  "plus+plus",
  "two words",
  " lead and trail ",
  "question?mark",
  "hash#mark",
  "amp&equals=semi;colon:comma,at@dollar$",
  "quotes\"double\" 'single' `tick`",
  "angle<brackets>&amp;",
  "back\\slash",
  "pipe|star*caret^tilde~{braces}[brackets](parens)!",
  "emoji-😀-👩‍👩‍👧‍👦",
  "日本語/ключ/مفتاح",
  "nfc-é".normalize("NFC"),
  "nfc-é".normalize("NFD"),
  "control-\u0001-start",
  "control-\u007f-delete",
  "tab\tand\nnewline\rreturn",
  "no-break\u00a0space",
  "line\u2028separator",
  "last-of-bmp-\uffff",
  "__proto__",
  "constructor",
  "index.html/",
  "CON",
  "case",
  "Case",
];

/** Keys of every legal kind are kept apart, come back, are listed verbatim, and go. */
export function keyRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    for (const Key of AWKWARD_KEYS) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: `at ${JSON.stringify(Key)}` }));
    }
  });

  for (const Key of AWKWARD_KEYS) {
    rule(`the key ${JSON.stringify(Key)} names an object of its own`, async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe(`at ${JSON.stringify(Key)}`);
    });
  }

  rule("all of them are listed verbatim, in the order of their UTF-8 bytes", async () => {
    const command = new ListObjectsV2Command({ Bucket, EncodingType: "url" });
    const { Contents = [] } = await client.send(command);
    expect(Contents.map(({ Key }) => decodeListedKey(Key))).toEqual(
      AWKWARD_KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  rule("each can be deleted without harm to the others", async () => {
    const other = await target.makeBucket();
    for (const Key of AWKWARD_KEYS) {
      await client.send(new PutObjectCommand({ Bucket: other, Key, Body: "x" }));
    }
    for (const [index, Key] of AWKWARD_KEYS.entries()) {
      await client.send(new DeleteObjectCommand({ Bucket: other, Key }));
      const { KeyCount } = await client.send(
        new ListObjectsV2Command({ Bucket: other, EncodingType: "url" }),
      );
      expect(KeyCount).toBe(AWKWARD_KEYS.length - index - 1);
    }
  });

  rule("errors about them are well-formed XML", async () => {
    for (const key of AWKWARD_KEYS) {
      const path = objectPath(Bucket, `${key}-missing`);
      const answer = await sendSigned(target, { method: "GET", path });
      expect(errorFields(answer)["Code"]).toBe("NoSuchKey");
      // XML 1.0 has no place for most control characters, not even as references.
      expect(answer.body.toString()).not.toMatch(/[^\t\n\r\u0020-\uffff]|&#x?1;/);
    }
  });

  rule("a key of 1,024 bytes is the longest", async () => {
    const body = "x";
    for (const letter of ["k", "é", "😀"]) {
      const fits = letter.repeat(1_024 / Buffer.byteLength(letter));
      const put = (key: string) =>
        sendSigned(target, { method: "PUT", path: objectPath(Bucket, key), body });
      expect(verdict(await put(fits))).toBe("200");
      expect(verdict(await put(`${fits}k`))).toBe("400 KeyTooLongError");
      await client.send(new DeleteObjectCommand({ Bucket, Key: fits }));
    }
  });

  rule("a key that is not UTF-8 is refused", async () => {
    const path = `${objectPath(Bucket)}/%ff%fe`;
    const answer = await sendSigned(target, { method: "PUT", path, body: "x" });
    expect(answer.status).toBe(400);
  });

  rule("a path with broken percent-encoding is refused", async () => {
    const path = `${objectPath(Bucket)}/broken%zz`;
    const answer = await sendSigned(target, { method: "GET", path });
    expect([400, 403]).toContain(answer.status);
  });

  rule("a key with a slash at its end is not the key without", async () => {
    await client.send(new DeleteObjectCommand({ Bucket, Key: "only/" }));
    await client.send(new PutObjectCommand({ Bucket, Key: "only/", Body: "folder" }));
    const missing = new GetObjectCommand({ Bucket, Key: "only" });
    expect(await refusalOf(client.send(missing))).toBe("404 NoSuchKey");
    await client.send(new DeleteObjectCommand({ Bucket, Key: "only/" }));
  });
}
