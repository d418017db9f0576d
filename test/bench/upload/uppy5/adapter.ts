/** The last Uppy 5 with its S3 plugin, as its documentation sets it up without Companion. */
import AwsS3 from "@uppy/aws-s3";
import { Uppy } from "@uppy/core";
import { Created, PeerOptions, Signed } from "../protocol.ts";
import { runPage, type Contestant } from "../page/page.ts";
import { ask } from "../page/send.ts";

/** Uppy wants the method said in its own type. */
const PUT = { method: "PUT" } as const;

const contestant: Contestant = async (files, setup) => {
  const { thresholdBytes, partSizeBytes, limit } = PeerOptions.parse(setup.options);
  const { prefix } = setup;
  const sign = async (request: object) => Signed.parse(await ask("/peer/sign", request));
  const uppy = new Uppy();
  uppy.use(AwsS3, {
    shouldUseMultipart: (file) => (file.size ?? 0) > (thresholdBytes ?? 100 * 1024 * 1024),
    ...(limit === undefined ? {} : { limit }),
    ...(partSizeBytes === undefined ? {} : { getChunkSize: () => partSizeBytes }),
    async getUploadParameters({ name, type }) {
      const { url } = await sign({ ...PUT, key: prefix + name, contentType: type });
      return { ...PUT, url, headers: { "content-type": type } };
    },
    createMultipartUpload: async ({ name }) =>
      Created.parse(await ask("/peer/create", { key: prefix + name })),
    async signPart(_, { key, uploadId, partNumber }) {
      const { url } = await sign({ ...PUT, key, uploadId, partNumber });
      return { ...PUT, url };
    },
    async completeMultipartUpload(_, { key, uploadId, parts }) {
      await ask("/peer/complete", { key, uploadId, etags: parts.map(({ ETag }) => ETag) });
      return {};
    },
    // Nothing is resumed or given up here; both are asked for only then.
    listParts: () => [],
    abortMultipartUpload: () => undefined,
  });
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })));
  const result = await uppy.upload();
  const [failed] = result?.failed ?? [];
  if (failed !== undefined) throw new Error(`${result?.failed?.length} failed: ${failed.error}`);
  return files.map(({ name }) => prefix + name);
};

await runPage(contestant);
