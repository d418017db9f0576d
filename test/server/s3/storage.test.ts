import { describe, expect, it } from "vitest";
import { connectStorage, type StorageOptions } from "../../../server/s3/index.ts";

const options: StorageOptions = {
  kind: "s3",
  bucket: "bucket",
  endpoint: "http://10.0.0.5:7480",
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  publicEndpoints: [],
  equalParts: null,
};

async function reach(changes: Partial<StorageOptions>) {
  const storage = await connectStorage({ ...options, ...changes });
  const { url } = await storage.presigner.signGet("a.txt", {});
  storage.close();
  return { origins: storage.origins, url: url.split("?")[0] };
}

describe("connectStorage", () => {
  it("lets browsers reach the endpoint itself where nothing else is said", async () => {
    expect(await reach({})).toEqual({
      origins: ["http://10.0.0.5:7480"],
      url: "http://10.0.0.5:7480/bucket/a.txt",
    });
  });

  it("signs for the first public endpoint and names all of them", async () => {
    const publicEndpoints = ["https://s3.example.net", "https://s3-b.example.net"];
    expect(await reach({ publicEndpoints })).toEqual({
      origins: publicEndpoints,
      url: "https://s3.example.net/bucket/a.txt",
    });
  });

  it("names AWS's origin of the bucket where there is no endpoint", async () => {
    expect(await reach({ endpoint: null, forcePathStyle: false })).toEqual({
      origins: ["https://bucket.s3.us-east-1.amazonaws.com"],
      url: "https://bucket.s3.us-east-1.amazonaws.com/a.txt",
    });
  });
});
