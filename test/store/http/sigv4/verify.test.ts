import { describe, expect, test } from "vitest";
import type { SignedRequest } from "../../../../server/store/http/sigv4/canonical-request.ts";
import { verifyRequest } from "../../../../server/store/http/sigv4/verify.ts";
import { parseQuery } from "../../../../server/store/http/query.ts";
import { isS3Error, type S3Error } from "../../../../server/store/s3-error.ts";
import { EXAMPLE_KEY_ID, exampleVerifier } from "./examples.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SCOPE = "20130524/us-east-1/s3/aws4_request";

interface Example {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signature: string;
}

const host = "examplebucket.s3.amazonaws.com";
const date = "20130524T000000Z";
const EXAMPLES: Readonly<Record<string, Example>> = {
  "GET Object": {
    method: "GET",
    path: "/test.txt",
    headers: { host, range: "bytes=0-9", "x-amz-content-sha256": EMPTY, "x-amz-date": date },
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  "PUT Object": {
    method: "PUT",
    path: "/test$file.text",
    headers: {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      host,
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      "x-amz-date": date,
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    },
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  "GET Bucket Lifecycle": {
    method: "GET",
    path: "/",
    query: "lifecycle",
    headers: { host, "x-amz-content-sha256": EMPTY, "x-amz-date": date },
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  "GET Bucket (List Objects)": {
    method: "GET",
    path: "/",
    query: "max-keys=2&prefix=J",
    headers: { host, "x-amz-content-sha256": EMPTY, "x-amz-date": date },
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
};

function signed(example: Example, replaced: Record<string, string> = {}): SignedRequest {
  const names = Object.keys(example.headers).toSorted();
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${EXAMPLE_KEY_ID}/${SCOPE},` +
    `SignedHeaders=${names.join(";")},Signature=${example.signature}`;
  return {
    method: example.method,
    path: example.path,
    queryPairs: parseQuery(example.query ?? "").pairs,
    headers: new Map(Object.entries({ ...example.headers, authorization, ...replaced })),
  };
}

const PRESIGNED =
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${EXAMPLE_KEY_ID}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
  `&X-Amz-Date=${date}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host` +
  "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

function presigned(query = PRESIGNED, headers: Record<string, string> = {}): SignedRequest {
  return {
    method: "GET",
    path: "/test.txt",
    queryPairs: parseQuery(query).pairs,
    headers: new Map(Object.entries({ host, ...headers })),
  };
}

function refusal(request: SignedRequest, offsetMs = 0): S3Error {
  try {
    verifyRequest(request, exampleVerifier(offsetMs));
  } catch (error) {
    if (isS3Error(error)) return error;
    throw error;
  }
  throw new Error("The request was accepted");
}

const MINUTE = 60_000;
const get = EXAMPLES["GET Object"];
if (!get) throw new Error("The example is missing");

describe("AWS's published examples", () => {
  test.each(Object.entries(EXAMPLES))("%s is accepted", (_, example) => {
    expect(verifyRequest(signed(example), exampleVerifier()).signature).toBe(example.signature);
  });

  test("the presigned URL is accepted", () => {
    expect(verifyRequest(presigned(), exampleVerifier()).payload).toEqual({ kind: "unsigned" });
  });
});

describe("a header signature", () => {
  test("does not hold for another path, method or header", () => {
    expect(refusal({ ...signed(get), path: "/other.txt" }).code).toBe("SignatureDoesNotMatch");
    expect(refusal({ ...signed(get), method: "PUT" }).code).toBe("SignatureDoesNotMatch");
    const error = refusal(signed(get, { range: "bytes=0-10" }));
    expect(error.fields["CanonicalRequest"]).toContain("range:bytes=0-10");
  });

  test("is refused 15 minutes and a second away from the server's clock, on either side", () => {
    expect(refusal(signed(get), 15 * MINUTE + 1000).code).toBe("RequestTimeTooSkewed");
    expect(refusal(signed(get), -15 * MINUTE - 1000).code).toBe("RequestTimeTooSkewed");
    expect(() => verifyRequest(signed(get), exampleVerifier(15 * MINUTE))).not.toThrow();
  });

  test.each([
    ["another region", SCOPE.replace("us-east-1", "eu-west-1"), "AuthorizationHeaderMalformed"],
    ["another service", SCOPE.replace("/s3/", "/ec2/"), "AuthorizationHeaderMalformed"],
    ["another day", SCOPE.replace("0524", "0523"), "AuthorizationHeaderMalformed"],
    ["another end", SCOPE.replace("aws4_request", "aws4"), "AuthorizationHeaderMalformed"],
    ["no scope", "", "AuthorizationHeaderMalformed"],
  ])("is refused with %s", (_, scope, code) => {
    const authorization = signed(get).headers.get("authorization") ?? "";
    expect(refusal(signed(get, { authorization: authorization.replace(SCOPE, scope) })).code).toBe(
      code,
    );
  });

  test("is refused with an unknown key, a missing hash header, an older mechanism or none", () => {
    const authorization = signed(get).headers.get("authorization") ?? "";
    const stranger = authorization.replace(EXAMPLE_KEY_ID, "AKIASTRANGER");
    expect(refusal(signed(get, { authorization: stranger })).code).toBe("InvalidAccessKeyId");
    const headers = new Map(signed(get).headers);
    headers.delete("x-amz-content-sha256");
    expect(refusal({ ...signed(get), headers }).code).toBe("MissingSecurityHeader");
    expect(refusal(signed(get, { authorization: "AWS a:b" })).code).toBe("InvalidRequest");
    headers.delete("authorization");
    expect(refusal({ ...signed(get), headers }).code).toBe("AccessDenied");
  });

  test("is refused where an x-amz-* header came along unsigned", () => {
    const error = refusal(signed(get, { "x-amz-acl": "public-read" }));
    expect(error.code).toBe("AccessDenied");
    expect(error.fields["HeadersNotSigned"]).toBe("x-amz-acl");
  });
});

test("a session token is refused, for the store issues none", () => {
  expect(refusal(signed(get, { "x-amz-security-token": "t" })).code).toBe("InvalidToken");
  expect(refusal(presigned(`${PRESIGNED}&X-Amz-Security-Token=t`)).code).toBe("InvalidToken");
});

describe("a presigned URL", () => {
  test("is refused a second after its end, and long before its beginning", () => {
    const end = 86_400_000;
    expect(() => verifyRequest(presigned(), exampleVerifier(end))).not.toThrow();
    expect(refusal(presigned(), end + 1000).message).toBe("Request has expired");
    expect(refusal(presigned(), -16 * MINUTE).message).toBe("Request is not yet valid");
  });

  test.each(["0", "-1", "604801", "soon"])("is refused with X-Amz-Expires=%s", (expires) => {
    const query = PRESIGNED.replace("X-Amz-Expires=86400", `X-Amz-Expires=${expires}`);
    expect(refusal(presigned(query)).code).toBe("AuthorizationQueryParametersError");
  });

  test("is refused with a field missing, a field added, or a header added", () => {
    const cut = PRESIGNED.replace("&X-Amz-Expires=86400", "");
    expect(refusal(presigned(cut)).code).toBe("AuthorizationQueryParametersError");
    expect(refusal(presigned(`${PRESIGNED}&partNumber=2`)).code).toBe("SignatureDoesNotMatch");
    const named = presigned(PRESIGNED, { "x-amz-meta-a": "b" });
    expect(refusal(named).fields["HeadersNotSigned"]).toBe("x-amz-meta-a");
  });

  test("is refused beside an Authorization header", () => {
    const both = presigned(PRESIGNED, { authorization: "AWS4-HMAC-SHA256 x" });
    expect(refusal(both).code).toBe("InvalidArgument");
  });
});
