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
  accelerateEndpoints: [],
  equalParts: null,
};

async function reach(changes: Partial<StorageOptions>) {
  const storage = await connectStorage({ ...options, ...changes });
  const { url } = await storage.presigner.signGet("a.txt", {});
  storage.close();
  const { origins, accelerateOrigins } = storage;
  return { origins, accelerateOrigins, url: url.split("?")[0] };
}

describe("connectStorage", () => {
  it("lets browsers reach the endpoint itself where nothing else is said", async () => {
    expect(await reach({})).toEqual({
      origins: ["http://10.0.0.5:7480"],
      accelerateOrigins: [],
      url: "http://10.0.0.5:7480/bucket/a.txt",
    });
  });

  it("signs for the first public endpoint and names all of them", async () => {
    const publicEndpoints = ["https://s3.example.net", "https://s3-b.example.net"];
    expect(await reach({ publicEndpoints })).toEqual({
      origins: publicEndpoints,
      accelerateOrigins: [],
      url: "https://s3.example.net/bucket/a.txt",
    });
  });

  it("names each origin once", async () => {
    const twice = ["https://s3.example.net", "https://s3.example.net"];
    const { origins } = await reach({ publicEndpoints: twice, accelerateEndpoints: twice });
    expect(origins).toEqual(["https://s3.example.net"]);
  });

  const AWS = { endpoint: null, forcePathStyle: false };
  const NAMES = [
    "https://bucket.s3.us-east-1.amazonaws.com",
    "https://s3.us-east-1.amazonaws.com",
    "https://bucket.s3.dualstack.us-east-1.amazonaws.com",
    "https://s3.dualstack.us-east-1.amazonaws.com",
  ];

  it("finds all names of the bucket on AWS, and those that may be accelerated", async () => {
    expect(await reach(AWS)).toEqual({
      origins: NAMES,
      accelerateOrigins: [
        "https://bucket.s3-accelerate.amazonaws.com",
        "https://bucket.s3-accelerate.dualstack.amazonaws.com",
      ],
      url: "https://bucket.s3.us-east-1.amazonaws.com/a.txt",
    });
    const { origins } = await reach({ ...AWS, forcePathStyle: true });
    expect(origins).toEqual([NAMES[1], NAMES[0], NAMES[3], NAMES[2]]);
  });

  it("gives a bucket with dots no host of its own, whose certificate would not fit", async () => {
    expect(await reach({ ...AWS, bucket: "a.b.c" })).toEqual({
      origins: [NAMES[1], NAMES[3]],
      accelerateOrigins: [],
      url: "https://s3.us-east-1.amazonaws.com/a.b.c/a.txt",
    });
  });

  it("leaves AWS's names out where the operator named others", async () => {
    const named = await reach({ ...AWS, publicEndpoints: ["https://bucket.cdn.example"] });
    expect(named).toEqual({
      origins: ["https://bucket.cdn.example"],
      accelerateOrigins: [],
      url: "https://bucket.cdn.example/a.txt",
    });
  });

  it("takes accelerated origins from the operator, and signs for them when asked", async () => {
    const storage = await connectStorage({
      ...options,
      accelerateEndpoints: ["https://fast.example"],
    });
    expect(storage.accelerateOrigins).toEqual(["https://fast.example"]);
    const signed = await storage.presigner.signPut("a", {}, 1, ["https://fast.example"]);
    expect(signed.alternates?.[0]).toMatch(/^https:\/\/fast.example\/bucket\/a\?/);
    storage.close();
  });
});
