/** Uppy 6 with its S3 plugin, as its documentation sets it up. */
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { PeerOptions, Signed } from "../protocol.ts";
import { runPage, type Contestant } from "../page/page.ts";
import { ask } from "../page/send.ts";

const contestant: Contestant = async (files, setup) => {
  const { signing, thresholdBytes, partSizeBytes, limit } = PeerOptions.parse(setup.options);
  const { bucket, region, prefix, accessKeyId, secretAccessKey } = setup;
  const uppy = new Uppy();
  uppy.use(AwsS3, {
    generateObjectKey: ({ name }) => prefix + name,
    ...(limit === undefined ? {} : { limit }),
    ...(partSizeBytes === undefined ? {} : { getChunkSize: () => partSizeBytes }),
    ...(thresholdBytes === undefined
      ? {}
      : { shouldUseMultipart: (file) => (file.size ?? 0) > thresholdBytes }),
    ...(signing === "requests"
      ? { signRequest: async (request) => Signed.parse(await ask("/peer/sign", request)) }
      : {
          s3Endpoint: `${setup.origins[0]}/${bucket}`,
          region,
          getCredentials: async () => ({
            region,
            bucket,
            credentials: { accessKeyId, secretAccessKey, sessionToken: "" },
          }),
        }),
  });
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })));
  const result = await uppy.upload();
  const [failed] = result?.failed ?? [];
  if (failed !== undefined) throw new Error(`${result?.failed?.length} failed: ${failed.error}`);
  return files.map(({ name }) => prefix + name);
};

await runPage(contestant);
