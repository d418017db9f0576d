import { CompleteMultipartUploadCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { MIN_PART_SIZE_BYTES } from "../../../shared/limits.ts";
import { removeObject } from "../../s3/index.ts";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { fail, pass, unsupported, type Finding } from "../finding.ts";
import { withUpload, type OpenUpload } from "../ground.ts";

/** Two sizes of parts that are not the last, which need the smallest size that S3 allows. */
const SIZES_BYTES = [MIN_PART_SIZE_BYTES, MIN_PART_SIZE_BYTES + 1, 1];

const TRIED = "An upload of three parts: 5 MiB, one byte more, and 1 byte.";

/** Whether parts may be of different sizes, as uploads here have them. */
export async function checkPartSizes(examination: Examination): Promise<Finding> {
  const { ground, equalParts } = examination;
  const key = ground.keyFor("part-sizes");
  try {
    await withUpload(examination, key, (upload) => complete(examination, upload));
    return pass(
      TRIED,
      equalParts ? "They may, though S3_EQUAL_PARTS has them equal." : "They may.",
    );
  } catch (error) {
    const { kind, said } = faultOf(error);
    if (kind !== "refused") throw error;
    if (equalParts) return unsupported(TRIED, `${said}. Uploads here have equal parts.`);
    return fail(TRIED, `${said}. Large uploads are refused when they are completed.`, {
      text: "Have all parts of one size: set S3_EQUAL_PARTS and start the server again.",
      copy: [{ label: "Variable", text: "S3_EQUAL_PARTS=true" }],
    });
  }
}

async function complete(line: Examination, upload: OpenUpload): Promise<void> {
  const { client, signal } = line;
  const bytes = Buffer.alloc(Math.max(...SIZES_BYTES));
  const send = async (sizeBytes: number, index: number) => {
    const Body = bytes.subarray(0, sizeBytes);
    const command = new UploadPartCommand({ ...upload, PartNumber: index + 1, Body });
    const { ETag } = await client.send(command, { abortSignal: signal });
    return { PartNumber: index + 1, ETag };
  };
  const Parts = await Promise.all(SIZES_BYTES.map(send));
  const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
  await client.send(command, { abortSignal: signal });
  await removeObject(line, upload.Key);
}
