import { PutObjectCommand } from "@aws-sdk/client-s3";
import { probeConditionalWrites, s3CodeOf } from "../../s3/index.ts";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { pass, warn, type Finding } from "../finding.ts";
import { withObject } from "../ground.ts";

const TRIED =
  "PUT over an object with If-None-Match: *, and a completion on condition of an ETag that nothing has.";

/** Whether the storage keeps conditions, so that uploads of one name do not overwrite each other. */
export async function checkConditionalWrites(examination: Examination): Promise<Finding> {
  const ofPut = await keepsConditionOfPut(examination);
  const ofCompletion = await probeConditionalWrites(examination);
  if (ofPut && ofCompletion) return pass(TRIED, "Both are refused, as they should be.");
  const ignored = [ofPut ? [] : ["of PUT"], ofCompletion ? [] : ["of completions"]].flat();
  return warn(
    TRIED,
    `The storage ignores conditions ${ignored.join(" and ")}: two uploads of one name at the same moment can ` +
      "overwrite each other. The server looks before it completes, which leaves a moment.",
    {
      text: "Choose a key strategy with a random prefix, or a version of the storage that keeps them (Ceph: 20).",
    },
  );
}

function keepsConditionOfPut(examination: Examination): Promise<boolean> {
  const { client, bucket: Bucket, signal, ground } = examination;
  return withObject(examination, ground.keyFor("conditional"), async (Key) => {
    const again = new PutObjectCommand({ Bucket, Key, Body: "1", IfNoneMatch: "*" });
    try {
      await client.send(again, { abortSignal: signal });
      return false;
    } catch (error) {
      if (s3CodeOf(error) === "PreconditionFailed") return true;
      // A storage that says that it has none overwrites nothing either.
      if (faultOf(error).kind === "unsupported") return true;
      throw error;
    }
  });
}
