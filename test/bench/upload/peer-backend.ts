/**
 * The backend that the contestants beside ours need, as their documentation asks for it: Uppy wants one
 * request signed at a time, by the SDK; the hand-made loops have everything created and signed at once.
 */
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  AbortMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Hono } from "hono";
import type * as z from "zod/mini";
import { createLoopSigner, type LoopSigner, type SigningPlace } from "./loop-signer.ts";
import {
  CompleteRequest,
  CreateRequest,
  LoopOpenRequest,
  SignRequest,
  type LoopOpened,
} from "./protocol.ts";

/** Where the peers' objects go. */
export interface PeerStorage extends SigningPlace {
  /** Speaks to the storage itself, past the shaper. */
  readonly client: S3Client;
  /** Signs for the first of `origins`, under which browsers reach the storage. */
  readonly publicClient: S3Client;
  readonly origins: readonly string[];
}

/** Routes below `/peer`. */
export function createPeerBackend(storage: PeerStorage): Hono {
  const { client, bucket, publicClient } = storage;
  const signer = createLoopSigner(storage, () => new Date());
  const app = new Hono();
  app.post("/sign", async (c) => {
    const request = SignRequest.parse(await c.req.json());
    return c.json({ url: await signOne(publicClient, bucket, request) });
  });
  app.post("/create", async (c) => {
    const { key } = CreateRequest.parse(await c.req.json());
    return c.json({ key, uploadId: await create(client, bucket, key) });
  });
  app.post("/open", async (c) => {
    const request = LoopOpenRequest.parse(await c.req.json());
    return c.json(await open(request, signer, storage));
  });
  app.post("/complete", async (c) => {
    const { key, uploadId, etags } = CompleteRequest.parse(await c.req.json());
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const upload = { Bucket: bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } };
    await client.send(new CompleteMultipartUploadCommand(upload));
    return c.json({});
  });
  return app;
}

function signOne(
  client: S3Client,
  Bucket: string,
  { method, key: Key, uploadId, partNumber, contentType }: SignRequest,
): Promise<string> {
  if (uploadId === undefined) {
    return method === "POST"
      ? getSignedUrl(client, new CreateMultipartUploadCommand({ Bucket, Key }))
      : getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ContentType: contentType }));
  }
  const upload = { Bucket, Key, UploadId: uploadId };
  if (method === "PUT") {
    return getSignedUrl(client, new UploadPartCommand({ ...upload, PartNumber: partNumber }));
  }
  if (method === "DELETE") return getSignedUrl(client, new AbortMultipartUploadCommand(upload));
  if (method === "GET") return getSignedUrl(client, new ListPartsCommand(upload));
  return getSignedUrl(client, new CompleteMultipartUploadCommand(upload));
}

async function open(
  { how, files, partSizeBytes, originCount }: z.infer<typeof LoopOpenRequest>,
  signer: LoopSigner,
  { client, bucket, ...storage }: PeerStorage,
): Promise<z.infer<typeof LoopOpened>> {
  const origins = storage.origins.slice(0, originCount);
  return Promise.all(
    files.map(async ({ key, sizeBytes }) => {
      if (how === "post") {
        return { urls: origins.map((origin) => `${origin}/${bucket}`), fields: signer.form(key) };
      }
      if (how !== "parts") return { urls: origins.map((origin) => signer.put(origin, key)) };
      const uploadId = await create(client, bucket, key);
      const urls = Array.from({ length: Math.ceil(sizeBytes / partSizeBytes) }, (_, index) => {
        const origin = origins[index % origins.length] ?? "";
        return signer.put(origin, key, { uploadId, partNumber: String(index + 1) });
      });
      return { uploadId, urls };
    }),
  );
}

async function create(client: S3Client, Bucket: string, Key: string): Promise<string> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  if (UploadId === undefined) throw new Error("The storage gave no upload ID");
  return UploadId;
}
