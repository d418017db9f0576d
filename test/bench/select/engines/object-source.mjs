/** Objects of a store by ranges, as our backend reads them. */
export async function openObjects(built, { bucket, ...address }) {
  const { createS3Client } = await import(`${built}/server/s3/client.js`);
  const { objectBytes } = await import(`${built}/server/s3/object-bytes.js`);
  const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
  const client = createS3Client({ bucket, ...address });
  return {
    async source(Key) {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      const version = { sizeBytes: head.ContentLength, etag: head.ETag };
      const { sizeBytes, read } = objectBytes(client, bucket, Key, version);
      return { sizeBytes, read, close: async () => undefined };
    },
    close: () => client.destroy(),
  };
}
