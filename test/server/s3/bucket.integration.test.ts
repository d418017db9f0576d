import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareBucket } from "../../../server/s3/index.ts";
import { openUploadRig, type UploadRig } from "../upload-rig.ts";

const MiB = 1024 * 1024;
/** Text would bring a Content-Type that no part URL was signed for. */
const ONE_BYTE = new Uint8Array(1);
const ORIGIN = "http://localhost:8080";

let rig: UploadRig;
beforeAll(async () => {
  rig = await openUploadRig();
});
afterAll(() => rig?.close());

describe("prepareBucket", () => {
  it("lets our pages in, keeps other rules, and may be repeated", async () => {
    const Bucket = await rig.target.makeBucket();
    const others = [
      { ID: "other", AllowedOrigins: ["https://o.example"], AllowedMethods: ["GET"] },
    ];
    await rig.target.client.send(
      new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: others } }),
    );
    await prepareBucket({ ...rig.bucket, bucket: Bucket }, ["http://localhost:1"]);
    await prepareBucket({ ...rig.bucket, bucket: Bucket }, [ORIGIN]);
    const { CORSRules = [] } = await rig.target.client.send(new GetBucketCorsCommand({ Bucket }));
    expect(CORSRules.map(({ ID, AllowedOrigins }) => [ID, AllowedOrigins])).toEqual(
      expect.arrayContaining([
        ["sluice-app", [ORIGIN]],
        ["other", ["https://o.example"]],
      ]),
    );
    const { Rules = [] } = await rig.target.client.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket }),
    );
    expect(Rules).toMatchObject([
      { Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ]);
  });

  it("makes a browser see the ETag of a part", async () => {
    await prepareBucket(rig.bucket, [ORIGIN]);
    const upload = await rig.openMultipart("cors.mp4", 17 * MiB);
    const url = upload.parts[0]?.url ?? "";
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { origin: ORIGIN, "access-control-request-method": "PUT" },
    });
    expect(preflight.status).toBe(200);
    const sent = await fetch(url, { method: "PUT", headers: { origin: ORIGIN }, body: ONE_BYTE });
    expect(sent.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(sent.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("etag");
  });
});
