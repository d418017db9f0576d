/**
 * What the bench uses of its peers. They are installed by the bench alone (each wants a `@uppy/core`, or
 * a Node, of its own), so that types have to come from here.
 */
declare module "@uppy/core" {
  export interface UppyFile {
    readonly name: string;
    readonly type: string;
    readonly size: number | null;
  }
  export class Uppy {
    use<Options extends object>(plugin: UppyPlugin<Options>, options: Options): this;
    addFiles(files: readonly { name: string; type: string; data: Blob }[]): void;
    upload(): Promise<{ failed?: readonly { error: string }[] } | undefined>;
  }
  export interface UppyPlugin<Options> {
    new (uppy: Uppy, options: Options): object;
  }
  export default Uppy;
}

declare module "@uppy/aws-s3" {
  import type { UppyFile, UppyPlugin } from "@uppy/core";

  interface UploadAddress {
    readonly key: string;
    readonly uploadId: string;
  }

  interface AwsS3Options {
    limit?: number;
    getChunkSize?: (file: { size: number }) => number;
    shouldUseMultipart?: (file: UppyFile) => boolean;

    // Uppy 6
    generateObjectKey?: (file: UppyFile) => string;
    signRequest?: (request: object) => Promise<{ url: string }>;
    s3Endpoint?: string;
    region?: string;
    getCredentials?: () => Promise<{
      region: string;
      bucket: string;
      credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
    }>;

    // Uppy 5
    getUploadParameters?: (
      file: UppyFile,
    ) => Promise<{ method: "PUT"; url: string; headers: Record<string, string> }>;
    createMultipartUpload?: (file: UppyFile) => Promise<UploadAddress>;
    signPart?: (
      file: UppyFile,
      part: UploadAddress & { partNumber: number },
    ) => Promise<{ method: "PUT"; url: string }>;
    completeMultipartUpload?: (
      file: UppyFile,
      upload: UploadAddress & { parts: readonly { ETag: string }[] },
    ) => Promise<object>;
    listParts?: () => readonly object[];
    abortMultipartUpload?: () => void;
  }

  const AwsS3: UppyPlugin<AwsS3Options>;
  export default AwsS3;
}

declare module "@aws-amplify/core" {
  export const Amplify: {
    configure(
      resources: {
        Storage: {
          S3: {
            bucket: string;
            region: string;
            dangerouslyConnectToHttpEndpointForTesting: string;
          };
        };
      },
      library: {
        Auth: {
          credentialsProvider: {
            getCredentialsAndIdentityId(): Promise<{
              credentials: { accessKeyId: string; secretAccessKey: string };
              identityId: string;
            }>;
            clearCredentialsAndIdentityId(): void;
          };
        };
      },
    ): void;
  };
}

declare module "@aws-amplify/storage" {
  export function uploadData(input: { path: string; data: Blob }): { result: Promise<object> };
}
