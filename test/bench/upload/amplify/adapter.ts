/** AWS Amplify 6 Storage: four parts of 5 MiB at once, signed in the browser. */
import { Amplify } from "@aws-amplify/core";
import { uploadData } from "@aws-amplify/storage";
import { runPage, type Contestant } from "../page/page.ts";

const contestant: Contestant = async (files, setup) => {
  const { bucket, region, prefix, accessKeyId, secretAccessKey } = setup;
  Amplify.configure(
    // The one address beside AWS's own that it can be pointed to: http://localhost:20005.
    { Storage: { S3: { bucket, region, dangerouslyConnectToHttpEndpointForTesting: "true" } } },
    {
      Auth: {
        credentialsProvider: {
          getCredentialsAndIdentityId: async () => ({
            credentials: { accessKeyId, secretAccessKey },
            identityId: "bench",
          }),
          clearCredentialsAndIdentityId: () => undefined,
        },
      },
    },
  );
  const keys = files.map((file) => prefix + file.name);
  const uploads = files.map((data, index) => uploadData({ path: keys[index] ?? "", data }).result);
  await Promise.all(uploads);
  return keys;
};

await runPage(contestant);
