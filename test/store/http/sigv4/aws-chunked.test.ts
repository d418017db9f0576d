import { array, assert, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { AwsChunkedDecoder } from "../../../../server/store/http/sigv4/aws-chunked.ts";
import { deriveSigningKey, sha256Hex } from "../../../../server/store/http/sigv4/signature.ts";
import type { VerifiedRequest } from "../../../../server/store/http/sigv4/verify.ts";
import { isS3Error } from "../../../../server/store/s3-error.ts";
import { EXAMPLE_KEY_ID, EXAMPLE_SECRET } from "./examples.ts";

const scope = { day: "20130524", region: "us-east-1" };
const seed = (signature: string): VerifiedRequest => ({
  accessKeyId: EXAMPLE_KEY_ID,
  payload: { kind: "aws-chunked", isSigned: true, hasTrailer: false },
  signature,
  dateTime: "20130524T000000Z",
  scope,
  signingKey: deriveSigningKey(EXAMPLE_SECRET, scope),
});

const SIZE = 66_560;
const piece = (sizeBytes: number, signature: string): string =>
  `${sizeBytes.toString(16)};chunk-signature=${signature}\r\n${"a".repeat(sizeBytes)}`;

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const SIGNED_SEED = seed("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
const SIGNED =
  `${piece(65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648")}\r\n` +
  `${piece(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497")}\r\n` +
  `${piece(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")}\r\n`;

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
const TRAILER_SEED = seed("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
const WITH_TRAILER =
  `${piece(65_536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2")}\r\n` +
  `${piece(1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7")}\r\n` +
  piece(0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992") +
  "x-amz-checksum-crc32c:sOO8/Q==\r\n" +
  "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";

function decode(decoder: AwsChunkedDecoder, body: string, cuts: readonly number[] = []): Buffer {
  const bytes = Buffer.from(body, "latin1");
  const edges = [
    0,
    ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ];
  const data = edges
    .slice(1)
    .flatMap((edge, index) => decoder.push(bytes.subarray(edges[index], edge)));
  decoder.end();
  return Buffer.concat(data);
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isS3Error(error) ? error.code : String(error);
  }
  return "accepted";
}

const signedDecoder = (): AwsChunkedDecoder =>
  new AwsChunkedDecoder({ seed: SIGNED_SEED, hasTrailer: false, decodedSizeBytes: SIZE });
const trailerDecoder = (): AwsChunkedDecoder =>
  new AwsChunkedDecoder({ seed: TRAILER_SEED, hasTrailer: true, decodedSizeBytes: SIZE });
const unsignedDecoder = (decodedSizeBytes: number): AwsChunkedDecoder =>
  new AwsChunkedDecoder({ hasTrailer: true, decodedSizeBytes });

describe("AWS's published examples", () => {
  test("the signed stream is decoded", () => {
    expect(sha256Hex(decode(signedDecoder(), SIGNED))).toBe(sha256Hex("a".repeat(SIZE)));
  });

  test("the stream with a signed trailer is decoded", () => {
    const decoder = trailerDecoder();
    expect(decode(decoder, WITH_TRAILER)).toHaveLength(SIZE);
    expect([...decoder.trailers]).toEqual([["x-amz-checksum-crc32c", "sOO8/Q=="]]);
  });

  test("a line feed and an empty line may stand before the trailer's signature", () => {
    const body = WITH_TRAILER.replace("sOO8/Q==\r\n", "sOO8/Q==\n\r\n");
    expect(decode(trailerDecoder(), body)).toHaveLength(SIZE);
  });
});

test("data is the same wherever the network cuts it", () => {
  assert(
    property(array(nat(), { maxLength: 20 }), (cuts) => {
      expect(decode(trailerDecoder(), WITH_TRAILER, cuts)).toHaveLength(SIZE);
    }),
    { numRuns: 30 },
  );
});

test("a short stream may be cut at every byte", () => {
  const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
  for (let cut = 0; cut <= body.length; cut += 1) {
    const decoder = unsignedDecoder(5);
    expect(decode(decoder, body, [cut]).toString()).toBe("hello");
    expect(decoder.trailers.get("x-amz-checksum-crc32")).toBe("NhCmhg==");
  }
});

describe("what is refused", () => {
  test("changed data, a changed signature, a changed trailer", () => {
    expect(codeOf(() => decode(signedDecoder(), SIGNED.replace("aaaa", "aaab")))).toBe(
      "SignatureDoesNotMatch",
    );
    expect(codeOf(() => decode(signedDecoder(), SIGNED.replace("=ad80", "=ad81")))).toBe(
      "SignatureDoesNotMatch",
    );
    expect(codeOf(() => decode(trailerDecoder(), WITH_TRAILER.replace("sOO8", "sOO9")))).toBe(
      "SignatureDoesNotMatch",
    );
    expect(
      codeOf(() => decode(trailerDecoder(), WITH_TRAILER.replace(/x-amz-trailer.*\r\n/, ""))),
    ).toBe("SignatureDoesNotMatch");
  });

  test("pieces left out or in another order", () => {
    const start = SIGNED.indexOf("400;chunk");
    const end = SIGNED.indexOf("0;chunk-signature=b6c6");
    const without = SIGNED.slice(0, start) + SIGNED.slice(end);
    expect(codeOf(() => decode(signedDecoder(), without))).toBe("SignatureDoesNotMatch");
  });

  test("a body that ends at any byte before its end", () => {
    const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    const lastAccepted = body.length - 2;
    for (let length = 0; length < body.length; length += 1) {
      const code = codeOf(() => decode(unsignedDecoder(5), body.slice(0, length)));
      const isWhole = length === lastAccepted || length === body.indexOf("x-amz");
      expect(code, `${length} bytes`).toBe(isWhole ? "accepted" : "IncompleteBody");
    }
  });

  test("more or fewer bytes than declared", () => {
    const body = "5\r\nhello\r\n0\r\n\r\n";
    expect(codeOf(() => decode(unsignedDecoder(4), body))).toBe("IncompleteBody");
    expect(codeOf(() => decode(unsignedDecoder(6), body))).toBe("IncompleteBody");
    expect(codeOf(() => decode(unsignedDecoder(5), `${body}x`))).toBe("IncompleteBody");
  });

  test("a small piece that is not the last", () => {
    const body = "5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n";
    expect(codeOf(() => decode(unsignedDecoder(10), body))).toBe("InvalidChunkSizeError");
  });

  test.each(["zz\r\n", "-5\r\n", "5 hello\r\n", `${"1".repeat(2000)}\r\n`, "ffffffffffff\r\n"])(
    "the piece header %j",
    (header) => {
      expect(codeOf(() => decode(unsignedDecoder(5), `${header}hello\r\n0\r\n\r\n`))).toBe(
        "IncompleteBody",
      );
    },
  );
});
